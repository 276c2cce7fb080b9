package dev.millrace.provisioner.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.Topics;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.provisioner.source.SourceWatch;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What this worker says of its partitions. Pipelines put it here at any speed and never wait; a
 * thread of the board's own sends what is due.
 */
public final class StatusBoard implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(StatusBoard.class);
  private static final int TICK_MILLIS = 100;
  private static final Duration SLOWEST_LOOK = Duration.ofMillis(500);

  private final String worker;
  private final Producer<String, byte[]> producer;
  private final SourceWatch source;
  private final Clock clock;
  private final Map<ObjectKey, Map<Integer, Line>> lines = new HashMap<>();
  private final List<String> wiped = new ArrayList<>();
  private int reported;

  /** Whose lines are new since they were looked at. */
  private final Set<ObjectKey> shown = new HashSet<>();

  private final Semaphore bell = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closing;

  /** One partition on the board. */
  private static final class Line {
    PipelinePlan plan;
    Standing standing;
    Pace.@Nullable Spoken sent;
    long sentAt;

    Line(PipelinePlan plan, Standing standing) {
      this.plan = plan;
      this.standing = standing;
    }
  }

  public StatusBoard(
      String worker, Producer<String, byte[]> producer, SourceWatch source, Clock clock) {
    this.worker = worker;
    this.producer = producer;
    this.source = source;
    this.clock = clock;
    this.thread = Thread.ofPlatform().name("worker-status").daemon().unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** Replaces what is said of these partitions; the subscription's others are not ours any more. */
  public void show(PipelinePlan plan, Collection<Standing> standings) {
    synchronized (lines) {
      Map<Integer, Line> mine = new HashMap<>();
      Map<Integer, Line> before = lines.getOrDefault(plan.subscription(), Map.of());
      for (Standing standing : standings) {
        Line line = before.getOrDefault(standing.partition(), new Line(plan, standing));
        line.plan = plan;
        line.standing = standing;
        mine.put(standing.partition(), line);
      }
      lines.put(plan.subscription(), mine);
      reported += mine.size() - before.size();
      shown.add(plan.subscription());
    }
    bell.release();
  }

  /** Another worker speaks for it from now on. */
  public void leave(ObjectKey subscription) {
    synchronized (lines) {
      remove(subscription);
    }
  }

  private void remove(ObjectKey subscription) {
    reported -= lines.getOrDefault(subscription, Map.of()).size();
    lines.remove(subscription);
  }

  /** It has ended: its reports go. */
  public void wipe(ObjectKey subscription, Set<Integer> partitions) {
    synchronized (lines) {
      remove(subscription);
      partitions.forEach(partition -> wiped.add(key(subscription, partition)));
    }
    bell.release();
  }

  /** What would be said now, of each partition on the board. */
  public List<PartitionReport> reports() {
    synchronized (lines) {
      return lines.values().stream()
          .flatMap(partitions -> partitions.values().stream())
          .map(line -> report(line.plan, spoken(line)))
          .toList();
    }
  }

  private void run() {
    long lookedAt = System.nanoTime();
    while (!closing) {
      try {
        boolean all = System.nanoTime() - lookedAt >= betweenLooks().toNanos();
        lookedAt = all ? System.nanoTime() : lookedAt;
        tick(all);
        if (bell.tryAcquire(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
          bell.drainPermits();
        }
      } catch (InterruptedException | InterruptException e) {
        return;
      } catch (RuntimeException e) {
        LOG.errorf(e, "reporting failed, goes on");
      }
    }
  }

  /** Of many lines, each of which is rarely due, all are not looked at that often. */
  private Duration betweenLooks() {
    synchronized (lines) {
      Duration fifth = Pace.moving(reported).dividedBy(5);
      return fifth.compareTo(SLOWEST_LOOK) < 0 ? fifth : SLOWEST_LOOK;
    }
  }

  /**
   * Tombstones first: what is on the board now came after them.
   *
   * @param all time has passed, so it may be due to say of others how far they are
   */
  private void tick(boolean all) {
    List<String> ended;
    List<PartitionReport> due = new ArrayList<>();
    synchronized (lines) {
      ended = List.copyOf(wiped);
      wiped.clear();
      for (ObjectKey subscription : all ? lines.keySet() : shown) {
        lines
            .getOrDefault(subscription, Map.of())
            .values()
            .forEach(line -> due(line).ifPresent(due::add));
      }
      shown.clear();
    }
    ended.forEach(key -> send(key, null));
    due.forEach(report -> send(key(report.subscription(), report.partition()), bytes(report)));
  }

  private Pace.Spoken spoken(Line line) {
    TopicPartition partition =
        new TopicPartition(line.plan.source().topic(), line.standing.partition());
    return new Pace.Spoken(
        withSource(line.standing, partition),
        line.plan.definition(),
        Math.max(line.standing.position(), end(line.plan, partition)));
  }

  private Optional<PartitionReport> due(Line line) {
    Pace.Spoken now = spoken(line);
    Duration since = Duration.ofNanos(System.nanoTime() - line.sentAt);
    if (!Pace.isDue(line.sent, now, since, reported)) {
      return Optional.empty();
    }
    line.sent = now;
    line.sentAt = System.nanoTime();
    return Optional.of(report(line.plan, now));
  }

  /** The log's end, or the pipeline's own before it. */
  private long end(PipelinePlan plan, TopicPartition partition) {
    long end = source.end(partition);
    return plan.until() == null
        ? end
        : Math.min(end, plan.until().getOrDefault(partition.partition(), end));
  }

  /** A consumer only waits when its broker is gone; that nothing comes must have a name. */
  private Standing withSource(Standing standing, TopicPartition partition) {
    boolean reading =
        standing.phase() == Standing.Phase.Preloading || standing.phase() == Standing.Phase.Live;
    return reading && source.isSilent(partition)
        ? standing.in(
            Standing.Phase.Retrying,
            "SourceUnavailable",
            "Kafka has not answered for "
                + partition
                + " for some seconds. Look whether the"
                + " brokers run and are reachable; reading goes on by itself.")
        : standing;
  }

  private PartitionReport report(PipelinePlan plan, Pace.Spoken now) {
    Standing standing = now.standing();
    return new PartitionReport(
        plan.subscription(),
        standing.partition(),
        plan.definition(),
        worker,
        standing.phase().name(),
        standing.position(),
        standing.flushed(),
        now.end(),
        standing.counts(),
        standing.consumed(),
        standing.lastEventTime(),
        standing.reason(),
        standing.message(),
        clock.instant());
  }

  private void send(String key, byte @Nullable [] value) {
    try {
      producer.send(
          new ProducerRecord<>(Topics.STATUS, key, value),
          (metadata, e) -> {
            if (e != null) {
              LOG.debugf("report not sent key=%s: %s", key, e.toString());
            }
          });
    } catch (KafkaException e) {
      LOG.debugf("report not sent key=%s: %s", key, e.toString());
    }
  }

  private static String key(ObjectKey subscription, int partition) {
    return subscription + "/" + partition;
  }

  private static byte[] bytes(PartitionReport report) {
    try {
      return Json.STRICT.writeValueAsBytes(report);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    closing = true;
    thread.interrupt();
  }
}
