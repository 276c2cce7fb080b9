package dev.millrace.kubernetes.catalog;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whoever asks before that would be told that there is nothing. */
@Readiness
@Singleton
final class ReadyCheck implements HealthCheck {
  private final CustomResources resources;

  @Inject
  ReadyCheck(CustomResources resources) {
    this.resources = resources;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("Kubernetes").status(resources.hasSynced()).build();
  }
}
