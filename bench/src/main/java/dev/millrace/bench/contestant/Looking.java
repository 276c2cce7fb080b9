package dev.millrace.bench.contestant;

import dev.millrace.bench.site.RedisStore;
import dev.millrace.bench.site.Site;
import dev.millrace.bench.workload.Bid;
import dev.millrace.bench.workload.Query;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

/** Looks which of some events have come to the store. */
interface Looking extends AutoCloseable {
  /** The numbers of those that have. */
  Set<Long> visible(List<Sample> samples) throws SQLException;

  @Override
  void close() throws SQLException;

  /**
   * An event that is looked for.
   *
   * @param number of it in its stream
   * @param due when it had to be published, by {@link System#nanoTime}
   */
  record Sample(long number, Bid bid, long due) {}

  /** Of events that have a key each, all of which come to one table or to Redis. */
  static Looking into(Site site, Target target, String table) throws SQLException {
    return target.isRedis() ? new InRedis(site, target) : new InTable(site, table);
  }

  /** Of events whose keys come again, in the tables of subscriptions with a range each. */
  static Looking intoRanges(Site site, List<Subscription> all) throws SQLException {
    return new InRanges(site, all);
  }

  final class InTable implements Looking {
    private final Connection connection;
    private final PreparedStatement statement;

    private InTable(Site site, String table) throws SQLException {
      connection = site.postgres().connect();
      statement = connection.prepareStatement("SELECT id FROM " + table + " WHERE id = ANY (?)");
    }

    @Override
    public Set<Long> visible(List<Sample> samples) throws SQLException {
      Set<Long> there = new HashSet<>();
      statement.setArray(1, ids(connection, samples));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          there.add(row.getLong(1));
        }
      }
      return samples.stream()
          .filter(each -> there.contains(each.bid().id()))
          .map(Sample::number)
          .collect(Collectors.toSet());
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }

  /**
   * The key alone does not say that an event has come: it was there before. Its time does, which
   * grows from one event of a key to the next.
   */
  final class InRanges implements Looking {
    private final Connection connection;
    private final List<PreparedStatement> statements = new ArrayList<>();

    private InRanges(Site site, List<Subscription> all) throws SQLException {
      connection = site.postgres().connect();
      for (Subscription each : all) {
        statements.add(
            connection.prepareStatement(
                "SELECT id, (extract(epoch FROM \"dateTime\") * 1000)::bigint FROM "
                    + each.table()
                    + " WHERE id = ANY (?)"));
      }
    }

    @Override
    public Set<Long> visible(List<Sample> samples) throws SQLException {
      Map<Integer, List<Sample>> byRange =
          samples.stream()
              .collect(
                  Collectors.groupingBy(
                      each -> Query.rangeOf(each.bid(), statements.size()).orElseThrow()));
      Set<Long> seen = new HashSet<>();
      for (Map.Entry<Integer, List<Sample>> each : byRange.entrySet()) {
        Map<Long, Long> times = times(statements.get(each.getKey()), each.getValue());
        for (Sample sample : each.getValue()) {
          if (times.getOrDefault(sample.bid().id(), 0L) >= sample.bid().dateTime()) {
            seen.add(sample.number());
          }
        }
      }
      return seen;
    }

    private Map<Long, Long> times(PreparedStatement statement, List<Sample> samples)
        throws SQLException {
      Map<Long, Long> times = new HashMap<>();
      statement.setArray(1, ids(connection, samples));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          times.put(row.getLong(1), row.getLong(2));
        }
      }
      return times;
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }

  final class InRedis implements Looking {
    private final Jedis redis;

    private InRedis(Site site, Target target) {
      redis = target.redis(site).connect();
    }

    @Override
    public Set<Long> visible(List<Sample> samples) {
      Pipeline pipeline = redis.pipelined();
      List<Response<Boolean>> answers =
          samples.stream()
              .map(each -> pipeline.exists(RedisStore.PREFIX + each.bid().id()))
              .toList();
      pipeline.sync();
      Set<Long> seen = new HashSet<>();
      for (int i = 0; i < answers.size(); i++) {
        if (answers.get(i).get()) {
          seen.add(samples.get(i).number());
        }
      }
      return seen;
    }

    @Override
    public void close() {
      redis.close();
    }
  }

  private static java.sql.Array ids(Connection connection, List<Sample> samples)
      throws SQLException {
    return connection.createArrayOf(
        "bigint", samples.stream().map(each -> each.bid().id()).toArray());
  }
}
