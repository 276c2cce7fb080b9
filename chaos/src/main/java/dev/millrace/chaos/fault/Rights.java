package dev.millrace.chaos.fault;

import dev.millrace.chaos.platform.FaultMissed;
import dev.millrace.chaos.round.Kind;
import dev.millrace.chaos.round.Need;
import dev.millrace.chaos.round.Scene;
import dev.millrace.chaos.store.PostgresServer;
import dev.millrace.chaos.store.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** A store that is there and does not let the writer do its work. The condition has to name it. */
final class Rights {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

  private Rights() {}

  static List<Kind> kinds() {
    return List.of(
        Fault.healing("password-rotated", Rights::rotatePassword),
        Fault.healing("redis-password-rotated", Rights::rotateRedisPassword),
        Fault.healing("login-forbidden", Rights::forbidLogin),
        Fault.healing("table-locked", Rights::lockTable),
        Fault.healing("store-read-only", Rights::readOnly),
        Fault.healing("connection-limit", Rights::limitConnections));
  }

  private static void rotatePassword(Scene scene, Random random) throws Exception {
    PostgresServer postgres = scene.site().postgres();
    refused(
        scene,
        "CredentialsRejected",
        "ALTER ROLE writer PASSWORD 'another'",
        "ALTER ROLE writer PASSWORD '" + postgres.secret() + "'");
  }

  private static void forbidLogin(Scene scene, Random random) throws Exception {
    refused(scene, "CredentialsRejected", "ALTER ROLE writer NOLOGIN", "ALTER ROLE writer LOGIN");
  }

  private static void limitConnections(Scene scene, Random random) throws Exception {
    refused(
        scene,
        "StoreUnavailable",
        "ALTER ROLE writer CONNECTION LIMIT 0",
        "ALTER ROLE writer CONNECTION LIMIT -1");
  }

  private static void readOnly(Scene scene, Random random) throws Exception {
    refused(
        scene,
        "StoreReadOnly",
        "ALTER ROLE writer SET default_transaction_read_only = on",
        "ALTER ROLE writer RESET default_transaction_read_only");
  }

  private static void refused(Scene scene, String reason, String sql, String healing)
      throws Exception {
    PostgresServer postgres = scene.site().postgres();
    postgres.run(sql);
    try {
      if (postgres.endWriters() == 0) {
        throw new FaultMissed("the writer had no session to end");
      }
      for (Need need : List.of(Need.TABLE, Need.JOURNAL)) {
        scene.awaitReason(need, reason, LONG_ENOUGH);
      }
    } finally {
      postgres.run(healing);
    }
    if (reason.equals("StoreReadOnly")) {
      // What was opened meanwhile keeps the setting it began with, also when the role has another.
      postgres.endWriters();
    }
  }

  private static void rotateRedisPassword(Scene scene, Random random) throws Exception {
    RedisServer redis = scene.site().redis();
    redis.rotateWriter("another");
    try {
      scene.awaitReason(Need.HASHES, "CredentialsRejected", LONG_ENOUGH);
    } finally {
      redis.restoreWriter();
    }
  }

  private static void lockTable(Scene scene, Random random) throws Exception {
    scene.site().postgres().lock(scene.place(Need.TABLE), 8000);
  }
}
