package dev.millrace.testcluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One probe of one container: asked when it is due, and decided by its thresholds. */
final class Probing {
  private final Probe probe;
  private final Container container;
  private final String address;
  private final Inside inside;
  private long due;
  private int successes;
  private int failures;

  /** Runs a command in the container. */
  interface Inside {
    boolean succeeds(List<String> command, Duration patience);
  }

  private Probing(Probe probe, Container container, String address, Inside inside, long now) {
    this.probe = probe;
    this.container = container;
    this.address = address;
    this.inside = inside;
    this.due = now + 1_000_000_000L * Objects.requireNonNullElse(probe.getInitialDelaySeconds(), 0);
  }

  static @Nullable Probing of(
      @Nullable Probe probe, Container container, String address, Inside inside, long now) {
    return probe == null ? null : new Probing(probe, container, address, inside, now);
  }

  /** What it has come to by now. */
  enum Verdict {
    PENDING,
    SUCCESS,
    FAILURE
  }

  /**
   * @param now as {@link System#nanoTime}
   */
  Verdict verdict(long now) {
    if (now >= due) {
      due = now + 1_000_000_000L * Objects.requireNonNullElse(probe.getPeriodSeconds(), 10);
      if (succeeds()) {
        successes++;
        failures = 0;
      } else {
        failures++;
        successes = 0;
      }
    }
    if (successes > 0 && successes >= Objects.requireNonNullElse(probe.getSuccessThreshold(), 1)) {
      return Verdict.SUCCESS;
    }
    return failures >= Objects.requireNonNullElse(probe.getFailureThreshold(), 3)
        ? Verdict.FAILURE
        : Verdict.PENDING;
  }

  private boolean succeeds() {
    int patience = 1000 * Objects.requireNonNullElse(probe.getTimeoutSeconds(), 1);
    if (probe.getExec() != null) {
      return inside.succeeds(probe.getExec().getCommand(), Duration.ofMillis(patience));
    }
    try {
      if (probe.getHttpGet() != null) {
        URI uri =
            URI.create(
                "http://"
                    + address
                    + ":"
                    + port(probe.getHttpGet().getPort())
                    + probe.getHttpGet().getPath());
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setConnectTimeout(patience);
        connection.setReadTimeout(patience);
        int status = connection.getResponseCode();
        connection.disconnect();
        return status >= 200 && status < 400;
      }
      if (probe.getTcpSocket() != null) {
        try (Socket socket = new Socket()) {
          socket.connect(
              new InetSocketAddress(address, port(probe.getTcpSocket().getPort())), patience);
          return true;
        }
      }
    } catch (IOException notNow) {
      return false;
    }
    throw new IllegalArgumentException("no probe of this kind is known here: " + probe);
  }

  private int port(IntOrString port) {
    if (port.getIntVal() != null) {
      return port.getIntVal();
    }
    return container.getPorts().stream()
        .filter(each -> port.getStrVal().equals(each.getName()))
        .mapToInt(ContainerPort::getContainerPort)
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "container " + container.getName() + " has no port " + port.getStrVal()));
  }
}
