package dev.millrace.standalone;

import dev.millrace.catalog.control.Provisioning;
import dev.millrace.needs.reconcile.Board;
import dev.millrace.provisioner.Worker;
import dev.millrace.provisioner.WorkerSettings;
import dev.millrace.standalone.controller.LocalControl;
import dev.millrace.standalone.server.DataDirectory;
import dev.millrace.standalone.server.RunFiles;
import dev.millrace.stores.credentials.FileVault;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** The part that lives inside Quarkus: joins the catalog with a local controller and a worker. */
@ApplicationScoped
public class App implements QuarkusApplication {
  private static final AtomicReference<@Nullable Handover> HANDOVER = new AtomicReference<>();

  private final LocalControl control;
  private final AtomicReference<@Nullable Worker> worker = new AtomicReference<>();

  /** What was made before Quarkus began. */
  record Handover(
      RunningPlatform platform,
      boolean worker,
      FileVault vault,
      DataDirectory data,
      RunFiles files,
      long begunNanos,
      ToIntFunction<RunningPlatform> then) {}

  @Inject
  App(LocalControl control) {
    this.control = control;
  }

  static void hand(Handover handover) {
    HANDOVER.set(handover);
  }

  private static Handover handover() {
    return Optional.ofNullable(HANDOVER.get()).orElseThrow();
  }

  @Override
  public int run(String... arguments) {
    Handover given = handover();
    control.start();
    if (given.worker()) {
      worker.set(
          Worker.start(
              WorkerSettings.of(
                  "standalone", Map.copyOf(given.platform().servers().kafkaPlatform())),
              Engines.ALL,
              given.vault()));
    }
    System.out.print(Screen.text(given, System.nanoTime()));
    System.out.flush();
    return given.then().applyAsInt(given.platform());
  }

  void stop(@Observes ShutdownEvent event) {
    Optional.ofNullable(worker.getAndSet(null)).ifPresent(Worker::close);
    control.close();
  }

  /** Beans that come from before Quarkus. */
  @ApplicationScoped
  static class Joints {
    @Produces
    @Singleton
    LocalControl control(Board board) {
      Handover given = handover();
      return new LocalControl(
          board,
          given.platform().servers().kafkaPlatform(),
          given.platform().classes(),
          Engines.ALL,
          given.vault());
    }

    @Produces
    @ApplicationScoped
    Provisioning provisioning(LocalControl control) {
      return control.provisioning();
    }
  }
}
