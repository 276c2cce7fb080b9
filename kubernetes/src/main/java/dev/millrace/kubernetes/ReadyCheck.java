package dev.millrace.kubernetes;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** For a kubelet's probe, under {@code /q/health/ready}. */
@Readiness
@ApplicationScoped
class ReadyCheck implements HealthCheck {
  private final App app;

  @Inject
  ReadyCheck(App app) {
    this.app = app;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("millrace").status(app.isReady()).build();
  }
}
