package dev.millrace.bench.contestant;

import dev.millrace.bench.site.Site;
import dev.millrace.bench.site.Stream;
import dev.millrace.outside.Eventually;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.Jedis;

/**
 * Where subscriptions stand, as their store says: that is committed. They are read often, so that
 * the time of a commit is known to some milliseconds, and cheaply.
 */
final class Cursors {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final int CHEAP = 10;

  private Cursors() {}

  /** Returns when all of them have applied so many events. */
  static void await(Site site, List<Subscription> all, long events) throws Exception {
    long wanted = events * all.size();
    long pause = all.size() > CHEAP ? 10 * PAUSE_NANOS : PAUSE_NANOS;
    long deadline = System.nanoTime() + Subscription.PATIENCE.toNanos();
    if (all.get(0).target().isRedis()) {
      try (Jedis redis = site.redis().connect()) {
        until(() -> inRedis(redis, all), wanted, pause, deadline);
      }
    } else {
      try (Connection connection = site.postgres().connect()) {
        until(() -> inPostgres(connection, all), wanted, pause, deadline);
      }
    }
  }

  private interface Sum {
    long now() throws SQLException;
  }

  private static void until(Sum sum, long wanted, long pause, long deadline)
      throws SQLException, InterruptedException {
    long stands = sum.now();
    while (stands < wanted) {
      if (System.nanoTime() > deadline) {
        throw new Eventually.Never("cursors stand at " + stands + " of " + wanted);
      }
      TimeUnit.NANOSECONDS.sleep(pause);
      stands = sum.now();
    }
  }

  private static long inPostgres(Connection connection, List<Subscription> all)
      throws SQLException {
    Array uids = connection.createArrayOf("text", all.stream().map(Subscription::uid).toArray());
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT coalesce(sum(next_offset), 0) FROM millrace.cursor"
                + " WHERE subscription = ANY (?)")) {
      statement.setArray(1, uids);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    } catch (SQLException e) {
      // Before the first subscription there is no such table.
      if ("42P01".equals(e.getSQLState())) {
        return 0;
      }
      throw e;
    }
  }

  private static long inRedis(Jedis redis, List<Subscription> all) {
    long sum = 0;
    for (Subscription each : all) {
      for (int p = 0; p < Stream.PARTITIONS; p++) {
        String key =
            "millrace:%s/%s:cursor:%s:%d".formatted(Site.TENANT, Site.HASHES, each.uid(), p);
        String offset = redis.hget(key, "next_offset");
        sum += offset == null ? 0 : Long.parseLong(offset);
      }
    }
    return sum;
  }
}
