package dev.millrace.catalog.health;

import dev.millrace.catalog.journal.Journal;
import dev.millrace.catalog.product.Products;
import dev.millrace.catalog.subscription.SubscriptionObjects;
import dev.millrace.catalog.subscription.Subscriptions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.properties.UnlessBuildProperty;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * What the catalog tells of itself to whoever watches the platform. Where a cluster keeps the
 * objects its operator counts them; they would be there twice.
 */
@Singleton
@UnlessBuildProperty(
    name = "millrace.catalog.read-only",
    stringValue = "true",
    enableIfMissing = true)
final class Figures {
  private static final List<String> PHASES =
      List.of(
          "Pending", "Preloading", "Live", "Finished", "Paused", "Stopped", "Failed", "Deleting");

  private final MeterRegistry registry;
  private final Journal journal;
  private final Products products;
  private final Subscriptions subscriptions;
  private final SubscriptionObjects objects;

  @Inject
  Figures(
      MeterRegistry registry,
      Journal journal,
      Products products,
      Subscriptions subscriptions,
      SubscriptionObjects objects) {
    this.registry = registry;
    this.journal = journal;
    this.products = products;
    this.subscriptions = subscriptions;
    this.objects = objects;
  }

  void register(@Observes StartupEvent event) {
    Gauge.builder("millrace.journal.entries", journal, Journal::length)
        .description("Decisions in the journal")
        .register(registry);
    Gauge.builder("millrace.products", products, all -> all.all().size())
        .description("Registered products")
        .register(registry);
    for (String phase : PHASES) {
      Gauge.builder("millrace.subscriptions", () -> in(phase))
          .description("Subscriptions by phase")
          .tag("phase", phase)
          .register(registry);
    }
  }

  private long in(String phase) {
    return subscriptions.all().values().stream()
        .filter(subscription -> phase.equals(objects.phase(subscription)))
        .count();
  }
}
