package dev.millrace.kubernetes;

import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.Collector;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * What the part that runs tells of itself under {@code /q/metrics}, beside what the JVM and Kafka's
 * clients tell. Made when it is asked for: which subscriptions there are changes all the time.
 */
@Singleton
final class Figures extends Collector {
  private final PrometheusMeterRegistry registry;
  private final App app;

  @Inject
  Figures(PrometheusMeterRegistry registry, App app) {
    this.registry = registry;
    this.app = app;
  }

  void register(@Observes StartupEvent event) {
    registry.getPrometheusRegistry().register(this);
  }

  @Override
  public List<MetricFamilySamples> collect() {
    return app.figures();
  }
}
