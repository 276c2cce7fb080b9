package dev.millrace.catalog.health;

import dev.millrace.catalog.product.Broker;
import io.quarkus.arc.properties.UnlessBuildProperty;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready needs the event store; Quarkus itself asks the database. What a cluster keeps is shown
 * without: just then somebody looks.
 */
@Readiness
@Singleton
@UnlessBuildProperty(
    name = "millrace.catalog.read-only",
    stringValue = "true",
    enableIfMissing = true)
final class KafkaAnswers implements HealthCheck {
  private final Broker broker;

  @Inject
  KafkaAnswers(Broker broker) {
    this.broker = broker;
  }

  @Override
  public HealthCheckResponse call() {
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
