package dev.millrace.catalog.product;

import dev.millrace.catalog.CatalogConfig;
import dev.millrace.catalog.problem.Refusal;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Brings products to their topics that a crash, or a broker that was away, kept from them. */
@Singleton
final class TopicCompletion {
  private static final Logger LOG = Logger.getLogger(TopicCompletion.class);
  private static final int SECONDS_BETWEEN = 10;

  private final Registrations registrations;
  private final boolean readOnly;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("catalog-topics").factory());

  @Inject
  TopicCompletion(Registrations registrations, CatalogConfig config) {
    this.registrations = registrations;
    this.readOnly = config.readOnly();
  }

  void start(@Observes StartupEvent event) {
    // Whoever keeps the products makes their topics.
    if (!readOnly) {
      timer.scheduleWithFixedDelay(this::run, 0, SECONDS_BETWEEN, TimeUnit.SECONDS);
    }
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
