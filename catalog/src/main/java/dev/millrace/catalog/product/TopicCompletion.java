package dev.millrace.catalog.product;

import dev.millrace.catalog.problem.Refusal;
import io.quarkus.arc.properties.UnlessBuildProperty;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Brings products to their topics that a crash, or a broker that was away, kept from them. Where a
 * cluster keeps the products its operator does.
 */
@Singleton
@UnlessBuildProperty(
    name = "millrace.catalog.read-only",
    stringValue = "true",
    enableIfMissing = true)
final class TopicCompletion {
  private static final Logger LOG = Logger.getLogger(TopicCompletion.class);
  private static final int SECONDS_BETWEEN = 10;

  private final Registrations registrations;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("catalog-topics").factory());

  @Inject
  TopicCompletion(Registrations registrations) {
    this.registrations = registrations;
  }

  void start(@Observes StartupEvent event) {
    timer.scheduleWithFixedDelay(this::run, 0, SECONDS_BETWEEN, TimeUnit.SECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    timer.shutdownNow();
  }

  private void run() {
    for (Product product : registrations.waiting()) {
      try {
        registrations.complete(product);
        LOG.infof("topic completed product=%s topic=%s", product.key(), product.topic());
      } catch (Refusal refusal) {
        LOG.warnf("topic not completed product=%s code=%s", product.key(), refusal.code());
      }
    }
  }
}
