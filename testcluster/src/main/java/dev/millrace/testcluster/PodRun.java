package dev.millrace.testcluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One Pod, from the moment it is bound until nothing of it is left, in a thread of its own. */
final class PodRun {
  private static final Logger LOG = Logger.getLogger(PodRun.class.getName());
  private static final Duration LOOKS = Duration.ofMillis(100);

  private final Pod pod;
  private final String address;
  private final Node node;
  private final Path folder;
  private final Volumes volumes;
  private final List<ContainerRun> containers = new CopyOnWriteArrayList<>();
  private final Instant begun = Instant.now();
  private final Thread thread;
  private volatile boolean ends;
  private volatile boolean killed;
  private @Nullable PodStatus reported;

  private PodRun(Pod pod, String address, Node node) {
    this.pod = pod;
    this.address = address;
    this.node = node;
    this.folder = node.folder(pod);
    this.volumes = new Volumes(pod, node.client(), folder.resolve("volumes"), node.claimed());
    this.thread =
        Thread.ofPlatform().name("pod " + pod.getMetadata().getName()).unstarted(this::live);
  }

  static PodRun begin(Pod pod, String address, Node node) {
    PodRun run = new PodRun(pod, address, node);
    run.thread.start();
    return run;
  }

  /** Returns at once. */
  void end() {
    ends = true;
  }

  void kill() {
    killed = true;
    containers.forEach(ContainerRun::kill);
    thread.interrupt();
  }

  private void live() {
    try {
      while (!ends && !killed && !prepare()) {
        TimeUnit.MILLISECONDS.sleep(LOOKS.toMillis());
      }
      if (!ends && runFirstOnes()) {
        for (Container container : pod.getSpec().getContainers()) {
          ContainerRun run = run(container);
          run.begin();
          containers.add(run);
        }
        while (!ends && !killed && !isOver()) {
          for (ContainerRun each : containers) {
            each.look(restarts(each));
          }
          report();
          TimeUnit.MILLISECONDS.sleep(LOOKS.toMillis());
        }
      }
      if (!killed) {
        report();
        leave();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      if (!killed) {
        LOG.log(Level.WARNING, "Pod " + pod.getMetadata().getName() + " cannot be run", e);
        kill();
      }
    }
  }

  /** Whether everything that it needs is there. */
  private boolean prepare() throws IOException {
    Files.createDirectories(folder);
    try {
      volumes.make();
    } catch (IllegalStateException | KubernetesClientException notYet) {
      LOG.log(Level.FINE, "a Pod waits", notYet);
      return false;
    }
    writeHosts();
    return true;
  }

  Pod pod() {
    return pod;
  }

  boolean stays() {
    return !ends && !killed;
  }

  /** In place, and never shorter than it is read: containers have this very file. */
  synchronized void writeHosts() {
    if (!Files.isDirectory(folder)) {
      return;
    }
    String hosts =
        "127.0.0.1 localhost kubernetes.default.svc\n"
            + address
            + " "
            + pod.getMetadata().getName()
            + "\n"
            + node.serviceNames();
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve("hosts").toFile(), "rw")) {
      file.write(hosts.getBytes(StandardCharsets.UTF_8));
      file.setLength(file.getFilePointer());
    } catch (IOException e) {
      LOG.log(Level.WARNING, "Pod " + pod.getMetadata().getName() + " does not hear of names", e);
    }
  }

  private ContainerRun run(Container container) {
    Image image =
        node.image(container.getImage())
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "there is no image " + container.getImage() + " on this node"));
    return new ContainerRun(
        pod,
        container,
        image,
        address,
        folder,
        volumes,
        Map.of(
            "KUBERNETES_SERVICE_HOST",
            "127.0.0.1",
            "KUBERNETES_SERVICE_PORT",
            Integer.toString(node.server().port())));
  }

  /** Init containers, one after the other. */
  private boolean runFirstOnes() throws IOException, InterruptedException {
    for (Container container : pod.getSpec().getInitContainers()) {
      ContainerRun run = run(container);
      run.begin();
      while (run.exitCode().isEmpty()) {
        if (ends || killed) {
          run.kill();
          return false;
        }
        TimeUnit.MILLISECONDS.sleep(LOOKS.toMillis());
      }
      if (run.exitCode().get() != 0) {
        throw new IOException(container.getName() + " failed: " + run.logged());
      }
    }
    return true;
  }

  private boolean restarts(ContainerRun container) {
    return switch (policy()) {
      case "Always" -> true;
      case "OnFailure" -> container.exitCode().filter(code -> code != 0).isPresent();
      default -> false;
    };
  }

  private String policy() {
    return Objects.requireNonNullElse(pod.getSpec().getRestartPolicy(), "Always");
  }

  private boolean isOver() {
    return !containers.isEmpty()
        && containers.stream().allMatch(each -> each.exitCode().isPresent() && !restarts(each));
  }

  /** Written when it is another. */
  private void report() {
    PodStatus now = status();
    if (now.equals(reported)) {
      return;
    }
    try {
      node.client()
          .pods()
          .inNamespace(pod.getMetadata().getNamespace())
          .withName(pod.getMetadata().getName())
          .editStatus(found -> {
            found.setStatus(now);
            return found;
          });
      reported = now;
    } catch (KubernetesClientException e) {
      // One that is gone has no status.
      LOG.log(e.getCode() == 404 ? Level.FINE : Level.WARNING, "not reported", e);
    }
  }

  private PodStatus status() {
    boolean ready = !containers.isEmpty() && containers.stream().allMatch(ContainerRun::isReady);
    boolean over = isOver();
    boolean well = containers.stream().allMatch(each -> each.exitCode().orElse(0) == 0);
    return new PodStatusBuilder()
        .withPhase(over ? well ? "Succeeded" : "Failed" : "Running")
        .withHostIP("127.0.0.1")
        .withPodIP(address)
        .addNewPodIP(address)
        .withStartTime(ContainerRun.time(begun))
        .withConditions(
            condition("PodScheduled", true),
            condition("Initialized", true),
            condition("ContainersReady", ready && !ends),
            condition("Ready", ready && !ends))
        .withContainerStatuses(containers.stream().map(ContainerRun::status).toList())
        .build();
  }

  private static PodCondition condition(String type, boolean so) {
    return new PodConditionBuilder().withType(type).withStatus(so ? "True" : "False").build();
  }

  /** Of one that is being deleted, the node lets go. */
  private void leave() throws InterruptedException {
    while (!ends) {
      // It is over, and stays to be looked at.
      TimeUnit.MILLISECONDS.sleep(LOOKS.toMillis());
    }
    for (ContainerRun each : containers) {
      each.end();
    }
    report();
    node.client()
        .pods()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName(pod.getMetadata().getName())
        .withGracePeriod(0)
        .delete();
  }

  String logs() {
    StringBuilder all = new StringBuilder();
    for (ContainerRun each : containers) {
      all.append("--- ").append(pod.getMetadata().getName()).append('\n').append(each.logged());
    }
    return all.toString();
  }
}
