package dev.millrace.catalog.health;

import dev.millrace.catalog.CatalogConfig;
import dev.millrace.catalog.product.Broker;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready needs the event store; Quarkus itself asks the database. */
@Readiness
@Singleton
final class KafkaAnswers implements HealthCheck {
  private final Broker broker;
  private final boolean readOnly;

  @Inject
  KafkaAnswers(Broker broker, CatalogConfig config) {
    this.broker = broker;
    this.readOnly = config.readOnly();
  }

  @Override
  public HealthCheckResponse call() {
    if (readOnly) {
      // What the cluster keeps is shown all the same, and just then somebody looks.
      return HealthCheckResponse.named("Kafka").up().withData("asked", false).build();
    }
    try {
      broker.ping();
      return HealthCheckResponse.up("Kafka");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return HealthCheckResponse.down("Kafka");
    } catch (ExecutionException | TimeoutException e) {
      return HealthCheckResponse.down("Kafka");
    }
  }
}
