package dev.millrace.provisioner.source;

import dev.millrace.api.Json;
import dev.millrace.api.Topics;
import dev.millrace.api.correction.Correction;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.provisioner.correction.Corrections;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/** {@code millrace.corrections}, read from the beginning and followed. */
public final class CorrectionFeed implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(CorrectionFeed.class);
  private static final TopicPartition PARTITION = new TopicPartition(Topics.CORRECTIONS, 0);

  private static final long PATIENCE_MILLIS = 5_000;

  private final Loop<String, byte[]> loop;
  private final SourceWatch watch;
  private volatile Map<String, Corrections> known = Map.of();
  private java.util.function.Consumer<Map<String, Corrections>> changed = all -> {};

  private final Object lock = new Object();
  private long reached = -1;

  public CorrectionFeed(Clients clients, SourceWatch watch) {
    this.watch = watch;
    this.loop =
        new Loop<>(
            "corrections",
            () -> clients.platformConsumer("earliest", Loop.NOTHING_ELSE_ASKED),
            this::follow);
  }

  /**
   * @param changed given all corrections there are, by the uid of their subscription: once when
   *     they are all read, then at each change; always from the feed's own thread, after {@link
   *     #of} knows them
   */
  public void start(java.util.function.Consumer<Map<String, Corrections>> changed) {
    this.changed = changed;
    loop.start();
  }

  /** Those of a plan, as they are known now. */
  public Corrections of(PipelinePlan plan) {
    return known.getOrDefault(Correction.uidOf(plan.uid()), Corrections.NONE);
  }

  /**
   * Returns when all that were written before the call are known: whoever begins to read events
   * that a store was set back behind reads them as they were corrected.
   *
   * @throws SourceProblem SourceUnavailable
   */
  public void awaitEnd() throws SourceProblem {
    long end = watch.endNow(PARTITION);
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    synchronized (lock) {
      while (reached < end) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          throw SourceProblem.unavailable("reading " + Topics.CORRECTIONS, new TimeoutException());
        }
        try {
          lock.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw SourceProblem.unavailable("reading " + Topics.CORRECTIONS, e);
        }
      }
    }
  }

  private void follow(Consumer<String, byte[]> consumer) {
    consumer.assign(List.of(PARTITION));
    consumer.seekToBeginning(List.of(PARTITION));
    Map<String, Corrections> all = new HashMap<>();
    long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
    while (consumer.position(PARTITION) < end) {
      consumer.poll(Duration.ofMillis(200)).forEach(record -> take(record, all));
    }
    tell(all, consumer.position(PARTITION));
    while (!loop.isClosing()) {
      ConsumerRecords<String, byte[]> records = consumer.poll(Duration.ofSeconds(5));
      if (!records.isEmpty()) {
        records.forEach(record -> take(record, all));
        tell(all, consumer.position(PARTITION));
      }
    }
  }

  private void tell(Map<String, Corrections> all, long position) {
    known = Map.copyOf(all);
    synchronized (lock) {
      reached = position;
      lock.notifyAll();
    }
    changed.accept(known);
  }

  static void take(ConsumerRecord<String, byte[]> record, Map<String, Corrections> all) {
    if (record.value() == null) {
      forget(record.key(), all);
      return;
    }
    try {
      Correction correction = Json.LENIENT.readValue(record.value(), Correction.class);
      if (correction == null || correction.uid() == null || correction.action() == null) {
        throw new IllegalArgumentException("not all of a correction is there");
      }
      all.merge(
          correction.uid(),
          Corrections.NONE.with(correction),
          (before, one) -> before.with(correction));
    } catch (IOException | IllegalArgumentException e) {
      LOG.errorf(
          "unreadable correction key=%s offset=%d: %s",
          record.key(), record.offset(), e.getMessage());
    }
  }

  /** Its subscription has gone. */
  private static void forget(String recordKey, Map<String, Corrections> all) {
    String uid = recordKey.substring(0, Math.max(0, recordKey.indexOf('/')));
    String id = recordKey.substring(recordKey.lastIndexOf('/') + 1);
    all.computeIfPresent(uid, (same, before) -> before.without(id));
  }

  /** Lets it end; returns at once. */
  public void stop() {
    loop.stop();
  }

  @Override
  public void close() {
    loop.close();
  }
}
