package dev.millrace.kubernetes;

import dev.millrace.controller.CannotStart;
import dev.millrace.controller.KafkaSettings;
import dev.millrace.controller.PlatformTopics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.prometheus.client.Collector;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The part that the first argument names, until it is told to end; or a look at something, which
 * ends.
 */
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
    if (name.equals("check")) {
      return check();
    }
    if (name.equals("may-leave")) {
      return mayLeave();
    }
    Optional<Part> wanted =
        switch (name) {
          case "operator" -> Optional.of(new OperatorPart(config));
          case "worker" -> Optional.of(new WorkerPart(config));
          default -> Optional.empty();
        };
    if (wanted.isEmpty()) {
      System.err.println("millrace: say what to run: operator, worker, check, or may-leave");
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

  /** For {@code helm test}. */
  private int check() {
    try {
      PlatformTopics.check(
          KafkaSettings.of(config.kafka().bootstrapServers(), config.kafka().properties()));
      System.out.println("millrace: the event store answers, and has the platform's topics");
      return 0;
    } catch (CannotStart | PlatformTopics.NotMade e) {
      System.err.println("millrace: " + e.getMessage());
      return 1;
    }
  }

  /** For {@code helm uninstall}. */
  private int mayLeave() {
    try (KubernetesClient client = new KubernetesClientBuilder().build()) {
      Optional<String> hindrance =
          Leaving.hindrance(client, config.watchedNamespaces().orElse(Set.of()));
      hindrance.ifPresent(why -> System.err.println("millrace: " + why));
      return hindrance.isPresent() ? 1 : 0;
    }
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
