package dev.millrace.bench.contestant;

import dev.millrace.bench.site.RedisStore;
import dev.millrace.bench.site.Site;
import dev.millrace.bench.site.Stream;
import dev.millrace.bench.workload.Bid;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

/**
 * Publishes at an even rate and looks when each event, or a sample of them, becomes visible in the
 * store. A time is from when the event was due to be published until the answer of the look that
 * found it, so it is a little too long rather than too short.
 */
final class LiveLoad {
  private static final int SAMPLES_A_SECOND = 1_000;
  private static final long BETWEEN_LOOKS_NANOS = 200_000;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final int MOST_ASKED = 500;

  private final Site site;
  private final Stream stream;
  private final Target target;
  private final String table;
  private final long first;
  private final int rate;
  private final Queue<Sample> published = new ConcurrentLinkedQueue<>();
  private volatile boolean all;

  private record Sample(long id, long due) {}

  /**
   * What was seen.
   *
   * @param events that were published, with those of the warm-up
   * @param p50 in milliseconds, as all here
   * @param publishedSeconds how long publishing took; longer than it should if the publisher could
   *     not keep up
   */
  record Latencies(long events, double p50, double p99, double publishedSeconds) {}

  /**
   * @param first number of the first event
   * @param rate events a second
   */
  LiveLoad(Site site, Stream stream, Target target, String table, long first, int rate) {
    this.site = site;
    this.stream = stream;
    this.target = target;
    this.table = table;
    this.first = first;
    this.rate = rate;
  }

  Latencies run(int warmUpSeconds, int seconds) throws Exception {
    long events = (long) rate * (warmUpSeconds + seconds);
    long begun = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50);
    double[] took = new double[1];
    Thread publisher =
        Thread.ofPlatform()
            .name("publisher")
            .daemon()
            .start(() -> took[0] = publish(begun, events));
    long[] latencies = look(begun + TimeUnit.SECONDS.toNanos(warmUpSeconds));
    publisher.join();
    Arrays.sort(latencies);
    return new Latencies(events, percentile(latencies, 50), percentile(latencies, 99), took[0]);
  }

  private double publish(long begun, long events) {
    long stride = Math.max(1, rate / SAMPLES_A_SECOND);
    try (KafkaProducer<byte[], byte[]> producer =
        stream.producer(Map.of("linger.ms", 0, "buffer.memory", 64L << 20))) {
      for (long i = 0; i < events; i++) {
        long due = begun + i * 1_000_000_000L / rate;
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(Math.min(due - System.nanoTime(), 1_000_000));
        }
        Bid bid = Bid.of(stream.seed(), first + i);
        if (i % stride == 0) {
          published.add(new Sample(first + i, due));
        }
        producer.send(new ProducerRecord<>(stream.topic(), bid.key(), bid.json()));
      }
      producer.flush();
    }
    all = true;
    return (System.nanoTime() - begun) / 1e9;
  }

  private long[] look(long countedFrom) throws Exception {
    List<Long> latencies = new ArrayList<>();
    Deque<Sample> awaited = new ArrayDeque<>();
    long lastSeen = System.nanoTime();
    try (Looking looking = target.isRedis() ? new InRedis() : new InPostgres()) {
      while (!all || !published.isEmpty() || !awaited.isEmpty()) {
        for (Sample next = published.poll(); next != null; next = published.poll()) {
          awaited.add(next);
        }
        // The oldest first: with thousands behind, the rest will be seen later anyway.
        List<Sample> asked = awaited.stream().limit(MOST_ASKED).toList();
        Set<Long> seen = asked.isEmpty() ? Set.of() : looking.visible(asked);
        long now = System.nanoTime();
        for (Sample each : asked) {
          if (seen.contains(each.id()) && each.due() >= countedFrom) {
            latencies.add(now - each.due());
          }
        }
        awaited.removeIf(each -> seen.contains(each.id()));
        lastSeen = seen.isEmpty() && !awaited.isEmpty() ? lastSeen : now;
        if (now - lastSeen > PATIENCE_NANOS) {
          throw new IllegalStateException("events do not come: " + awaited.size() + " are awaited");
        }
        LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
      }
    }
    return latencies.stream().mapToLong(each -> each).toArray();
  }

  /** Nearest rank, in milliseconds. */
  private static double percentile(long[] sorted, int percent) {
    int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
    return sorted[Math.max(0, rank - 1)] / 1e6;
  }

  /** Which of some events are in the store. */
  private interface Looking extends AutoCloseable {
    Set<Long> visible(List<Sample> samples) throws SQLException;

    @Override
    void close() throws SQLException;
  }

  private final class InPostgres implements Looking {
    private final Connection connection = site.postgres().connect();
    private final PreparedStatement statement =
        connection.prepareStatement("SELECT id FROM " + table + " WHERE id = ANY (?)");

    InPostgres() throws SQLException {}

    @Override
    public Set<Long> visible(List<Sample> samples) throws SQLException {
      Set<Long> seen = new HashSet<>();
      statement.setArray(
          1, connection.createArrayOf("bigint", samples.stream().map(Sample::id).toArray()));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          seen.add(row.getLong(1));
        }
      }
      return seen;
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }

  private final class InRedis implements Looking {
    private final Jedis redis = target.redis(site).connect();

    @Override
    public Set<Long> visible(List<Sample> samples) {
      Pipeline pipeline = redis.pipelined();
      List<Response<Boolean>> answers =
          samples.stream().map(each -> pipeline.exists(RedisStore.PREFIX + each.id())).toList();
      pipeline.sync();
      Set<Long> seen = new HashSet<>();
      for (int i = 0; i < answers.size(); i++) {
        if (answers.get(i).get()) {
          seen.add(samples.get(i).id());
        }
      }
      return seen;
    }

    @Override
    public void close() {
      redis.close();
    }
  }
}
