package dev.millrace.bench.contestant;

import dev.millrace.bench.site.Site;
import dev.millrace.outside.Eventually;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
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
    awaitTotal(site, all, events * all.size());
  }

  /** The same, for what they have applied together. */
  static void awaitTotal(Site site, List<Subscription> all, long wanted) throws Exception {
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

  /**
   * Who works on a partition, and how far it is.
   *
   * @param owner the id of a worker, and what is new each time that it takes a partition
   */
  record Tenure(String subscription, int partition, String owner, long offset) {
    boolean isOf(Worker worker) {
      return owner.startsWith(worker.id() + "/");
    }
  }

  /** Of all partitions of some subscriptions in Postgres. */
  static List<Tenure> tenures(Connection connection, List<Subscription> all) throws SQLException {
    List<Tenure> found = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT subscription, partition, owner, next_offset FROM millrace.cursor"
                + " WHERE subscription = ANY (?)")) {
      statement.setArray(1, uids(connection, all));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          found.add(new Tenure(row.getString(1), row.getInt(2), row.getString(3), row.getLong(4)));
        }
      }
    }
    return found;
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
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT coalesce(sum(next_offset), 0) FROM millrace.cursor"
                + " WHERE subscription = ANY (?)")) {
      statement.setArray(1, uids(connection, all));
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

  private static Array uids(Connection connection, List<Subscription> all) throws SQLException {
    return connection.createArrayOf("text", all.stream().map(Subscription::uid).toArray());
  }

  private static long inRedis(Jedis redis, List<Subscription> all) {
    long sum = 0;
    for (Subscription each : all) {
      for (int p = 0; p < each.stream().partitions(); p++) {
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
