package dev.millrace.kubernetes;

import io.prometheus.client.Collector;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The part that the first argument names, until it is told to end. */
@ApplicationScoped
public class App implements QuarkusApplication {
  private static final int USAGE = 64;

  private final KubernetesConfig config;
  private final AtomicReference<@Nullable Part> part = new AtomicReference<>();

  @Inject
  App(KubernetesConfig config) {
    this.config = config;
  }

  @Override
  public int run(String... arguments) {
    String name = arguments.length == 1 ? arguments[0] : "";
    Optional<Part> wanted =
        switch (name) {
          case "operator" -> Optional.of(new OperatorPart(config));
          case "worker" -> Optional.of(new WorkerPart(config));
          default -> Optional.empty();
        };
    if (wanted.isEmpty()) {
      System.err.println("millrace: say what to run: operator or worker");
      return USAGE;
    }
    part.set(wanted.get());
    try {
      wanted.get().start();
    } catch (CannotStart e) {
      System.err.println("millrace: " + e.getMessage());
      return 1;
    }
    Quarkus.waitForExit();
    return 0;
  }

  boolean isReady() {
    return Optional.ofNullable(part.get()).filter(Part::isReady).isPresent();
  }

  List<Collector.MetricFamilySamples> figures() {
    return Optional.ofNullable(part.get()).map(Part::figures).orElse(List.of());
  }

  void stop(@Observes ShutdownEvent event) {
    Optional.ofNullable(part.getAndSet(null)).ifPresent(Part::stop);
  }
}
