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
  private static final long BETWEEN_LOOKS_NANOS = TimeUnit.SECONDS.toNanos(5);

  private Cursors() {}

  /**
   * Returns when all of them together have applied so many events each.
   *
   * @throws Eventually.Never when the first of them has stopped
   */
  static void await(Site site, List<Subscription> all, long events) throws Exception {
    long wanted = events * all.size();
    long pause = all.size() > CHEAP ? 10 * PAUSE_NANOS : PAUSE_NANOS;
    if (all.get(0).target().isRedis()) {
      try (Jedis redis = all.get(0).target().redis(site).connect()) {
        until(() -> inRedis(redis, all), wanted, pause, all.get(0));
      }
    } else {
      try (Connection connection = site.postgres().connect()) {
        until(() -> inPostgres(connection, all), wanted, pause, all.get(0));
      }
    }
  }

  private interface Sum {
    long now() throws SQLException;
  }

  private static void until(Sum sum, long wanted, long pause, Subscription first) throws Exception {
    long deadline = System.nanoTime() + Subscription.PATIENCE.toNanos();
    long look = System.nanoTime() + BETWEEN_LOOKS_NANOS;
    long stands = sum.now();
    while (stands < wanted) {
      long now = System.nanoTime();
      if (now > deadline) {
        throw new Eventually.Never("cursors stand at " + stands + " of " + wanted);
      }
      if (now > look) {
        first.failIfStopped();
        look = now + BETWEEN_LOOKS_NANOS;
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
            "millrace:%s/%s:cursor:%s:%d"
                .formatted(Site.TENANT, each.target().storeName(), each.uid(), p);
        String offset = redis.hget(key, "next_offset");
        sum += offset == null ? 0 : Long.parseLong(offset);
      }
    }
    return sum;
  }
}
