package dev.millrace.bench.contestant;

import dev.millrace.bench.site.Site;
import dev.millrace.bench.site.Stream;
import dev.millrace.bench.workload.Bid;
import dev.millrace.bench.workload.Query;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * Publishes at an even rate and looks when each event, or a sample of them, becomes visible in the
 * store. A time is from when the event was due to be published until the answer of the look that
 * found it, so it is a little too long rather than too short.
 */
final class LiveLoad {
  private static final int SAMPLES_A_SECOND = 1_000;
  private static final long BETWEEN_LOOKS_NANOS = 200_000;

  /** Who looks for an hour leaves more of the processors to the others. */
  private static final int SPARING_SAMPLES_A_SECOND = 200;

  private static final long SPARING_BETWEEN_LOOKS_NANOS = 1_000_000;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final int MOST_ASKED = 500;
  private static final double IN_TIME = 1.1;

  private final Stream stream;
  private final long first;
  private final int rate;
  private final Opening looking;
  private final Predicate<Bid> awaitable;
  private final int samplesASecond;
  private final long betweenLooksNanos;
  private final Queue<Looking.Sample> published = new ConcurrentLinkedQueue<>();
  private volatile boolean all;

  /** Begins to look. */
  private interface Opening {
    Looking open() throws SQLException;
  }

  /** Is told of each event that was looked for and has become visible. */
  interface Seen {
    void seen(long due, long latencyNanos);
  }

  /**
   * What was seen.
   *
   * @param events that were published, with those of the warm-up
   * @param p50 in milliseconds, as all here
   * @param dueSeconds how long publishing should have taken, and
   * @param publishedSeconds how long it did; longer if the publisher could not keep up
   */
  record Latencies(
      long events, double p50, double p99, double dueSeconds, double publishedSeconds) {
    /** Whether 99 of 100 were visible in time, and all published. */
    boolean within(double mostMillis) {
      return p99 <= mostMillis && publishedSeconds < dueSeconds * IN_TIME;
    }
  }

  private LiveLoad(
      Stream stream,
      long first,
      int rate,
      Opening looking,
      Predicate<Bid> awaitable,
      int samplesASecond,
      long betweenLooksNanos) {
    this.stream = stream;
    this.first = first;
    this.rate = rate;
    this.looking = looking;
    this.awaitable = awaitable;
    this.samplesASecond = samplesASecond;
    this.betweenLooksNanos = betweenLooksNanos;
  }

  /**
   * All of the events come to one table, or to Redis.
   *
   * @param first number of the first event
   * @param rate events a second
   */
  LiveLoad(Site site, Stream stream, Target target, String table, long first, int rate) {
    this(
        stream,
        first,
        rate,
        () -> Looking.into(site, target, table),
        bid -> true,
        SAMPLES_A_SECOND,
        BETWEEN_LOOKS_NANOS);
  }

  /** Some of the events come to subscriptions with a range each. */
  static LiveLoad ofRanges(Site site, Stream stream, List<Subscription> all, long first, int rate) {
    return new LiveLoad(
        stream,
        first,
        rate,
        () -> Looking.intoRanges(site, all),
        bid -> Query.rangeOf(bid, all.size()).isPresent(),
        SPARING_SAMPLES_A_SECOND,
        SPARING_BETWEEN_LOOKS_NANOS);
  }

  Latencies run(int warmUpSeconds, int seconds) throws Exception {
    long events = (long) rate * (warmUpSeconds + seconds);
    long begun = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50);
    long countedFrom = begun + TimeUnit.SECONDS.toNanos(warmUpSeconds);
    List<Long> latencies = new ArrayList<>();
    double took =
        run(
            begun,
            events,
            (due, latency) -> {
              if (due >= countedFrom) {
                latencies.add(latency);
              }
            });
    return new Latencies(
        events,
        Percentile.millis(latencies, 50),
        Percentile.millis(latencies, 99),
        warmUpSeconds + seconds,
        took);
  }

  /**
   * Returns when all that was looked for is visible.
   *
   * @param begun when the first event is due
   * @return how many seconds publishing took
   */
  double run(long begun, long events, Seen seen) throws Exception {
    double[] took = new double[1];
    Thread publisher =
        Thread.ofPlatform()
            .name("publisher")
            .daemon()
            .start(() -> took[0] = publish(begun, events));
    look(seen);
    publisher.join();
    return took[0];
  }

  private double publish(long begun, long events) {
    long stride = Math.max(1, rate / samplesASecond);
    long nextSample = 0;
    try (KafkaProducer<byte[], byte[]> producer =
        stream.producer(Map.of("linger.ms", 0, "buffer.memory", 64L << 20))) {
      for (long i = 0; i < events; i++) {
        long due = begun + i * 1_000_000_000L / rate;
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(Math.min(due - System.nanoTime(), 1_000_000));
        }
        Bid bid = stream.bid(first + i);
        if (i >= nextSample && awaitable.test(bid)) {
          published.add(new Looking.Sample(first + i, bid, due));
          nextSample = i - i % stride + stride;
        }
        producer.send(stream.record(bid));
      }
      producer.flush();
    } finally {
      all = true;
    }
    return (System.nanoTime() - begun) / 1e9;
  }

  private void look(Seen listener) throws Exception {
    Deque<Looking.Sample> awaited = new ArrayDeque<>();
    long lastSeen = System.nanoTime();
    try (Looking into = looking.open()) {
      while (!all || !published.isEmpty() || !awaited.isEmpty()) {
        for (Looking.Sample next = published.poll(); next != null; next = published.poll()) {
          awaited.add(next);
        }
        // The oldest first: with thousands behind, the rest will be seen later anyway.
        List<Looking.Sample> asked = awaited.stream().limit(MOST_ASKED).toList();
        Set<Long> seen = asked.isEmpty() ? Set.of() : into.visible(asked);
        long now = System.nanoTime();
        for (Looking.Sample each : asked) {
          if (seen.contains(each.number())) {
            listener.seen(each.due(), now - each.due());
          }
        }
        awaited.removeIf(each -> seen.contains(each.number()));
        lastSeen = seen.isEmpty() && !awaited.isEmpty() ? lastSeen : now;
        if (now - lastSeen > PATIENCE_NANOS) {
          throw new IllegalStateException("events do not come: " + awaited.size() + " are awaited");
        }
        LockSupport.parkNanos(betweenLooksNanos);
      }
    }
  }
}
