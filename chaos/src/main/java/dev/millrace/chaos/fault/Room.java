package dev.millrace.chaos.fault;

import dev.millrace.chaos.round.Kind;
import dev.millrace.chaos.round.Need;
import dev.millrace.chaos.round.Scene;
import dev.millrace.chaos.store.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** A store that has no room left. */
final class Room {
  private static final Duration NAMED = Duration.ofSeconds(60);

  private Room() {}

  static List<Kind> kinds() {
    return List.of(new DiskFull(), Fault.healing("redis-full", Room::fillRedis));
  }

  /** First nearly, so that a limit is also met between the writes of one batch and the next. */
  private static void fillRedis(Scene scene, Random random) throws Exception {
    RedisServer redis = scene.site().redis();
    redis.nearlyFill(random.nextInt(1 << 16));
    try {
      Thread.sleep(random.nextInt(2000));
      redis.fill();
      scene.awaitReason(Need.HASHES, "StoreFull", NAMED);
    } finally {
      redis.makeRoom();
    }
  }
}
