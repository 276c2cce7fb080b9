package dev.millrace.provisioner.shell;

import dev.millrace.provisioner.core.Chunk;
import dev.millrace.provisioner.core.Intake;
import dev.millrace.provisioner.core.Reading;
import dev.millrace.provisioner.core.Trouble;
import dev.millrace.provisioner.source.SourceProblem;
import dev.millrace.provisioner.source.SourceWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A consumer and its thread: reads what it is told to, for whomever. */
final class Lane {
  private static final Logger LOG = Logger.getLogger(Lane.class);
  private static final Duration IDLE = Duration.ofMillis(500);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  /** What the consumer holds of all its partitions together at most, about, in bytes. */
  private static final int BUFFERED = 16 << 20;

  private static final int MOST_FETCH = 2 << 20;
  private static final int LEAST_FETCH = 16 << 10;
  private static final int FEW = 8;

  /** Handed over and not yet taken by the core at most. */
  private static final int MOST_UNDER_WAY = 2;

  private static final long LOOK_AT_LAGS = Duration.ofMillis(50).toNanos();

  /** A consumer that has nothing to read is kept this long. */
  private static final Duration KEPT = Duration.ofSeconds(5);

  private final int number;
  private final Equipment equipment;
  private final Shell shell;
  private final Thread thread;

  private final Object lock = new Object();
  private Reading wanted = Reading.NOTHING;
  private boolean news;
  private boolean closing;
  private int underWay;
  private @Nullable Consumer<byte[], byte[]> consumer;

  /** Where the consumer stands in each partition it has. Of the lane's own thread. */
  private final Map<TopicPartition, Reading.Spot> spots = new HashMap<>();

  private final Map<TopicPartition, Long> positions = new HashMap<>();

  private final Map<TopicPartition, Optional<Integer>> epochs = new HashMap<>();

  /** How many partitions the consumer was made for. */
  private int roomFor;

  /** Readings that came to nothing, until they are not wanted any more. */
  private final Set<Long> givenUp = new HashSet<>();

  private final Haste haste = new Haste();
  private long lookedAtLags;

  Lane(int number, Equipment equipment, Shell shell) {
    this.number = number;
    this.equipment = equipment;
    this.shell = shell;
    this.thread = Thread.ofPlatform().name("read-" + number).daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** From now on. Returns at once. */
  void read(Reading reading) {
    synchronized (lock) {
      wanted = reading;
      news = true;
      wake();
    }
  }

  private void wake() {
    lock.notifyAll();
    if (consumer != null) {
      consumer.wakeup();
    }
  }

  private void run() {
    try {
      while (awaitWork()) {
        try (Consumer<byte[], byte[]> opened = opened()) {
          follow(opened);
        } catch (InterruptException e) {
          return;
        } catch (KafkaException e) {
          fail(Trouble.of(SourceWatch.explain(e)));
        } catch (RuntimeException | Error e) {
          LOG.errorf(e, "a fault of ours lane=%d", number);
          fail(Trouble.ownFault(e));
        }
      }
    } catch (InterruptedException e) {
      LOG.debugf("interrupted lane=%d", number);
    }
  }

  /** A consumer is made when there is something to read. */
  private boolean awaitWork() throws InterruptedException {
    synchronized (lock) {
      while (!closing && hopeful(wanted).spots().isEmpty()) {
        lock.wait();
      }
      return !closing;
    }
  }

  private Consumer<byte[], byte[]> opened() {
    int partitions;
    synchronized (lock) {
      partitions = hopeful(wanted).spots().size();
    }
    roomFor = Math.max(FEW, 2 * partitions);
    Consumer<byte[], byte[]> opened =
        equipment
            .clients()
            .eventConsumer(
                Intake.MOST_ENTRIES,
                Math.max(LEAST_FETCH, Math.min(MOST_FETCH, BUFFERED / roomFor)),
                haste.fetchWait());
    synchronized (lock) {
      consumer = opened;
      news = true;
    }
    return opened;
  }

  /** Until it ends, or has nothing to read, or something that it was not made for. */
  private void follow(Consumer<byte[], byte[]> reader) throws InterruptedException {
    try {
      while (true) {
        Reading next = news();
        if (next == null || next.spots().size() > roomFor || turns(reader)) {
          return;
        }
        turnTo(reader, next);
        poll(reader);
      }
    } finally {
      synchronized (lock) {
        consumer = null;
      }
      // What is closed within try-with-resources would wait for up to thirty seconds.
      reader.close(CloseOptions.timeout(Duration.ZERO));
    }
  }

  private boolean turns(Consumer<byte[], byte[]> reader) {
    long now = System.nanoTime();
    if (now - lookedAtLags < LOOK_AT_LAGS) {
      return false;
    }
    lookedAtLags = now;
    return haste.turns(reader.assignment().stream().map(reader::currentLag).toList(), now);
  }

  /**
   * What to read now; null when it ends, or has had nothing to read for a while. Waits while
   * everything is paused, and while the core has not taken what came before.
   */
  private @Nullable Reading news() throws InterruptedException {
    synchronized (lock) {
      while (underWay >= MOST_UNDER_WAY && !closing) {
        lock.wait(IDLE.toMillis());
      }
      Reading now = hopeful(wanted);
      if (now.spots().isEmpty()) {
        await(KEPT);
        now = hopeful(wanted);
      } else if (now.spots().values().stream().allMatch(Reading.Spot::paused)) {
        await(IDLE);
        now = hopeful(wanted);
      }
      news = false;
      return closing || now.spots().isEmpty() ? null : now;
    }
  }

  private void taken() {
    synchronized (lock) {
      underWay--;
      lock.notifyAll();
    }
  }

  private void await(Duration patience) throws InterruptedException {
    if (!news && !closing) {
      lock.wait(patience.toMillis());
    }
  }

  private Reading hopeful(Reading all) {
    if (givenUp.isEmpty()) {
      return all;
    }
    givenUp.retainAll(
        all.spots().values().stream().map(Reading.Spot::seek).collect(Collectors.toSet()));
    Map<TopicPartition, Reading.Spot> hopeful = new HashMap<>(all.spots());
    hopeful.values().removeIf(spot -> givenUp.contains(spot.seek()));
    return new Reading(hopeful);
  }

  private void turnTo(Consumer<byte[], byte[]> reader, Reading next) {
    Set<TopicPartition> assigned = reader.assignment();
    if (!assigned.equals(next.spots().keySet())) {
      reader.assign(next.spots().keySet());
    }
    spots.keySet().retainAll(next.spots().keySet());
    Set<TopicPartition> paused = new HashSet<>();
    next.spots()
        .forEach((partition, spot) -> {
          Reading.Spot before = spots.put(partition, spot);
          boolean goesOn = before != null && before.seek() == spot.seek();
          if (!goesOn) {
            positions.put(partition, spot.position());
            epochs.put(partition, spot.leaderEpoch());
          }
          if (!goesOn || !assigned.contains(partition)) {
            reader.seek(
                partition,
                new OffsetAndMetadata(positions.get(partition), epochs.get(partition), ""));
          }
          if (spot.paused()) {
            paused.add(partition);
          }
        });
    Set<TopicPartition> before = reader.paused();
    if (!before.equals(paused)) {
      reader.resume(before);
      reader.pause(paused);
    }
  }

  private void poll(Consumer<byte[], byte[]> reader) {
    ConsumerRecords<byte[], byte[]> records = ConsumerRecords.empty();
    try {
      records = reader.poll(IDLE);
    } catch (KafkaException e) {
      explain(e);
    }
    List<Chunk> chunks = new ArrayList<>();
    for (TopicPartition partition : Set.copyOf(spots.keySet())) {
      chunk(reader, records.records(partition), partition, chunks);
    }
    if (!chunks.isEmpty()) {
      synchronized (lock) {
        underWay++;
      }
      shell.arrived(chunks, this::taken);
    }
  }

  /** What concerns single partitions is theirs alone; throws what concerns all. */
  private void explain(KafkaException e) {
    switch (e) {
      case WakeupException news -> LOG.tracef("news lane=%d", number);
      case TimeoutException notKnownNow -> LOG.tracef("no position yet lane=%d", number);
      case OffsetOutOfRangeException range -> outOfRange(range);
      case TopicAuthorizationException forbidden -> forbidden(forbidden);
      default -> {
        TopicPartition partition = named(e).orElseThrow(() -> e);
        giveUp(partition, spot -> SourceWatch.explain(partition.toString(), e));
      }
    }
  }

  /** A batch that cannot be read: the consumer says where, in words. */
  private Optional<TopicPartition> named(KafkaException e) {
    String message = String.valueOf(e.getMessage());
    return spots.keySet().stream()
        .filter(partition -> message.contains(" " + partition + "."))
        .findFirst();
  }

  /** Markers of transactions and gaps of compaction are passed without a record. */
  private void chunk(
      Consumer<byte[], byte[]> reader,
      List<ConsumerRecord<byte[], byte[]>> records,
      TopicPartition partition,
      List<Chunk> into) {
    long from = positions.get(partition);
    long to = from;
    try {
      to = reader.position(partition, Duration.ZERO);
    } catch (KafkaException e) {
      explain(e);
    }
    if (!records.isEmpty()) {
      ConsumerRecord<byte[], byte[]> last = records.get(records.size() - 1);
      to = Math.max(to, last.offset() + 1);
      epochs.put(partition, last.leaderEpoch());
    }
    if (to > from) {
      positions.put(partition, to);
      into.add(
          new Chunk(
              partition,
              spots.get(partition).seek(),
              from,
              to,
              records.stream().map(Lane::withoutHeaders).toList()));
    }
  }

  /** Headers are slices of all that was fetched, and would keep it. */
  private static ConsumerRecord<byte[], byte[]> withoutHeaders(
      ConsumerRecord<byte[], byte[]> record) {
    if (!record.headers().iterator().hasNext()) {
      return record;
    }
    return new ConsumerRecord<>(
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestamp(),
        record.timestampType(),
        record.serializedKeySize(),
        record.serializedValueSize(),
        record.key(),
        record.value(),
        new RecordHeaders(),
        record.leaderEpoch());
  }

  private void outOfRange(OffsetOutOfRangeException e) {
    e.offsetOutOfRangePartitions()
        .forEach((partition, wanted) ->
            giveUp(
                partition,
                spot ->
                    e instanceof LogTruncationException
                        ? equipment.source().diverged(partition, spot.topicId(), wanted)
                        : equipment.source().outOfRange(partition, spot.topicId(), wanted)));
  }

  private void forbidden(TopicAuthorizationException e) {
    for (TopicPartition partition : Set.copyOf(spots.keySet())) {
      if (e.unauthorizedTopics().contains(partition.topic())) {
        giveUp(partition, spot -> SourceWatch.explain(partition.topic(), e));
      }
    }
  }

  private interface Why {
    SourceProblem of(Reading.Spot spot) throws SourceProblem;
  }

  /** Looks for the reason beside the reading, which goes on for the other partitions. */
  private void giveUp(TopicPartition partition, Why why) {
    Reading.Spot spot = spots.get(partition);
    if (spot == null) {
      return;
    }
    givenUp.add(spot.seek());
    Thread.ofVirtual()
        .name("why-" + partition)
        .start(() -> shell.unreadable(partition, spot.seek(), trouble(spot, why)));
  }

  private static Trouble trouble(Reading.Spot spot, Why why) {
    try {
      return Trouble.of(why.of(spot));
    } catch (SourceProblem another) {
      return Trouble.of(another);
    } catch (RuntimeException e) {
      return Trouble.ownFault(e);
    }
  }

  /** The consumer is of no use any more, or there is none; the next begins anew, a while later. */
  private void fail(Trouble trouble) throws InterruptedException {
    synchronized (lock) {
      hopeful(wanted)
          .spots()
          .forEach((partition, spot) -> {
            givenUp.add(spot.seek());
            shell.unreadable(partition, spot.seek(), trouble);
          });
      spots.clear();
      if (!closing) {
        lock.wait(AFTER_FAILURE.toMillis());
      }
    }
  }

  /** Returns at once. */
  void stop() {
    synchronized (lock) {
      closing = true;
      wake();
    }
  }

  void close() {
    stop();
    try {
      thread.join(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
