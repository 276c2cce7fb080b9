package dev.millrace.chaos.fault;

import dev.millrace.chaos.platform.Platform;
import dev.millrace.chaos.round.Kind;
import dev.millrace.chaos.round.Scene;
import java.util.List;
import java.util.Random;

/** Processes that are killed or stand still. */
final class Processes {
  private Processes() {}

  static List<Kind> kinds() {
    return List.of(
        Fault.healing("platform-killed", Processes::killPlatform),
        Fault.rewinding("postgres-killed", Processes::killPostgres),
        Fault.rewinding("redis-killed", Processes::killRedis),
        new SecondWorker("worker-killed", SecondWorker::kill),
        new SecondWorker("worker-frozen", SecondWorker::freeze),
        new WorkersComeAndGo(),
        Fault.healing("postgres-frozen", Processes::freezePostgres));
  }

  private static void killPlatform(Scene scene, Random random) throws Exception {
    Platform platform = scene.site().platform();
    platform.kill();
    Thread.sleep(random.nextInt(1500));
    platform.launchAgain();
    platform.awaitUp();
  }

  private static void killPostgres(Scene scene, Random random) throws Exception {
    scene.site().postgres().kill();
    Thread.sleep(random.nextInt(3000));
    scene.site().postgres().startAgain();
  }

  private static void killRedis(Scene scene, Random random) throws Exception {
    scene.site().redis().kill();
    Thread.sleep(random.nextInt(3000));
    scene.site().redis().startAgain();
  }

  private static void freezePostgres(Scene scene, Random random) throws Exception {
    scene.site().postgres().freeze();
    try {
      Thread.sleep(10_000);
    } finally {
      scene.site().postgres().thaw();
    }
  }
}
