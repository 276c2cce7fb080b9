package dev.millrace.chaos.fault;

import dev.millrace.chaos.platform.Platform;
import dev.millrace.chaos.round.Kind;
import dev.millrace.chaos.round.Need;
import dev.millrace.chaos.round.Scene;
import java.util.List;
import java.util.Random;

/** Processes that are killed or stand still. */
final class Processes {
  private Processes() {}

  static List<Kind> kinds() {
    return List.of(
        Fault.healing("platform-killed", Processes::killPlatform),
        Fault.rewinding(
            "postgres-killed", (scene, random) -> killAWhile(scene, Need.TABLE, random)),
        Fault.rewinding("redis-killed", (scene, random) -> killAWhile(scene, Need.HASHES, random)),
        new SecondWorker("worker-killed", SecondWorker::kill),
        new SecondWorker("worker-frozen", SecondWorker::freeze),
        new WorkersComeAndGo(),
        Fault.healing("postgres-frozen", Processes::freezePostgres));
  }

  private static void killPlatform(Scene scene, Random random) throws Exception {
    Platform platform = scene.site().platform();
    platform.kill();
    Thread.sleep(random.nextInt(1500));
    platform.startAgain();
  }

  private static void killAWhile(Scene scene, Need need, Random random) throws Exception {
    killStoreOf(scene, need);
    Thread.sleep(random.nextInt(3000));
    startStoreAgainOf(scene, need);
  }

  static void killStoreOf(Scene scene, Need need) throws Exception {
    if (need == Need.HASHES) {
      scene.site().redis().kill();
    } else {
      scene.site().postgres().kill();
    }
  }

  static void startStoreAgainOf(Scene scene, Need need) {
    if (need == Need.HASHES) {
      scene.site().redis().startAgain();
    } else {
      scene.site().postgres().startAgain();
    }
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
