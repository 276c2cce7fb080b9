package dev.millrace.chaos.fault;

import dev.millrace.chaos.platform.FaultMissed;
import dev.millrace.chaos.round.Kind;
import dev.millrace.chaos.round.Scene;
import dev.millrace.chaos.store.Proxy;
import java.util.List;
import java.util.Random;

/** What happens between a worker and a store. */
final class Networks {
  private static final long LONG_ENOUGH = 60_000;

  private Networks() {}

  static List<Kind> kinds() {
    return List.of(
        Fault.healing("cut-mid-write", Networks::cutMidWrite),
        Fault.healing("cut-on-commit-reply", Networks::cutReplies),
        Fault.healing("connections-stalled", Networks::stall));
  }

  private static void cutMidWrite(Scene scene, Random random) throws Exception {
    Proxy proxy = oneOf(scene, random);
    int times = 1 + random.nextInt(3);
    for (int i = 0; i < times; i++) {
      struck(proxy.cutMidWrite(LONG_ENOUGH), "no write came to cut");
    }
  }

  /** Nobody knows then whether it was committed. */
  private static void cutReplies(Scene scene, Random random) throws Exception {
    Proxy proxy = oneOf(scene, random);
    int times = 1 + random.nextInt(3);
    for (int i = 0; i < times; i++) {
      struck(proxy.cutReplyToCommit(LONG_ENOUGH), "no reply to a commit came to cut");
    }
  }

  private static void stall(Scene scene, Random random) throws Exception {
    Proxy proxy = oneOf(scene, random);
    proxy.stall();
    try {
      Thread.sleep(4000 + random.nextInt(8000));
      struck(proxy.heldBack() > 0, "nothing wanted to pass");
    } finally {
      proxy.flow();
    }
  }

  private static Proxy oneOf(Scene scene, Random random) {
    return random.nextBoolean() ? scene.site().toPostgres() : scene.site().toRedis();
  }

  private static void struck(boolean yes, String otherwise) {
    if (!yes) {
      throw new FaultMissed(otherwise);
    }
  }
}
