package dev.millrace.kubernetes.catalog;

import dev.millrace.catalog.KafkaLogin;
import dev.millrace.catalog.control.Provisioning;
import dev.millrace.catalog.journal.Journal;
import dev.millrace.catalog.journal.KeptElsewhere;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Shows what the cluster keeps, until it is told to end. */
@ApplicationScoped
public class App implements QuarkusApplication {
  private static final AtomicReference<@Nullable KafkaLogin> KAFKA = new AtomicReference<>();

  private final CustomResources resources;
  private final Plans plans;

  @Inject
  App(CustomResources resources, Plans plans) {
    this.resources = resources;
    this.plans = plans;
  }

  /** Before Quarkus begins: in its configuration what looks like an expression would be one. */
  static void hand(KafkaLogin kafka) {
    KAFKA.set(kafka);
  }

  @Override
  public int run(String... arguments) {
    resources.start();
    plans.start();
    Quarkus.waitForExit();
    return 0;
  }

  void stop(@Observes ShutdownEvent event) {
    resources.close();
    plans.close();
  }

  /** What the catalog asks its application for. */
  @ApplicationScoped
  static class Joints {
    @Produces
    @Singleton
    Journal journal() {
      return new KeptElsewhere();
    }

    @Produces
    @Singleton
    KafkaLogin kafka() {
      return Optional.ofNullable(KAFKA.get()).orElseThrow();
    }

    @Produces
    @Singleton
    KubernetesClient client() {
      return new KubernetesClientBuilder().build();
    }

    @Produces
    @ApplicationScoped
    Provisioning provisioning(StoreClasses classes) {
      return new ClusterProvisioning(classes);
    }
  }
}
