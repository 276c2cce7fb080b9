package dev.millrace.provisioner.pipeline;

import dev.millrace.api.status.Counts;
import dev.millrace.needs.transform.Outcome;
import dev.millrace.needs.transform.Transform;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Cursor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * From records to batches: decides what becomes of each event, counts it, and knows how far the
 * batch reaches. No clock, no I/O. Not safe for use by several threads.
 */
final class Intake {
  /** A batch is also full by this many events: latency and memory, and more gains no speed. */
  static final int MOST_EVENTS = 10_000;

  private final Transform transform;
  private final OnError onError;
  private final PresentKeys present;
  private final long mostBytes;
  private final Map<Integer, Stretch> stretches = new TreeMap<>();
  private List<Batch.Entry> entries = new ArrayList<>();
  private int events;
  private long bytes;
  private long readEver;
  private long deadEver;
  private Instant time = Instant.EPOCH;

  Intake(
      Transform transform,
      OnError onError,
      PresentKeys present,
      long mostBytes,
      List<Cursor> cursors) {
    this.transform = transform;
    this.onError = onError;
    this.present = present;
    this.mostBytes = mostBytes;
    for (Cursor cursor : cursors) {
      stretches.put(
          cursor.partition(),
          new Stretch(cursor.partition(), cursor.nextOffset(), cursor.leaderEpoch()));
      Counts counts = cursor.counts();
      readEver += counts.read();
      deadEver += counts.deadLettered() + counts.skipped();
    }
  }

  /**
   * Takes one record in.
   *
   * @throws Blocked when the pipeline has to stop before this record; those before it stay taken in
   */
  void take(ConsumerRecord<byte[], byte[]> record) throws Blocked {
    Stretch stretch = stretches.get(record.partition());
    Instant at = time(record.timestamp());
    apply(record, at, transform.apply(record.key(), record.value()), stretch);
    stretch.passed(record.offset(), record.leaderEpoch(), at);
    stretch.consumed++;
    events++;
    readEver++;
    bytes += Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
  }

  private void apply(
      ConsumerRecord<byte[], byte[]> record, Instant at, Outcome outcome, Stretch stretch)
      throws Blocked {
    switch (outcome) {
      case Outcome.Put put -> {
        present.add(put.key());
        stretch.applied++;
        add(record, at, outcome);
      }
      case Outcome.Add add -> {
        stretch.applied++;
        add(record, at, outcome);
      }
      case Outcome.Delete delete -> {
        stretch.applied++;
        add(record, at, outcome);
      }
      case Outcome.Leave leave -> {
        stretch.filtered++;
        if (present.mayHold(leave.key())) {
          add(record, at, outcome);
        }
      }
      case Outcome.Pass pass -> stretch.filtered++;
      case Outcome.Dead dead -> refuse(record, at, dead, stretch);
    }
  }

  private void refuse(
      ConsumerRecord<byte[], byte[]> record, Instant at, Outcome.Dead dead, Stretch stretch)
      throws Blocked {
    OptionalInt where = OptionalInt.of(record.partition());
    switch (onError.to(deadEver, readEver)) {
      case DEAD_LETTER -> {
        stretch.deadLettered++;
        add(record, at, dead);
      }
      case SKIP -> stretch.skipped++;
      case HALT ->
          throw new Blocked(Trouble.halted(record.partition(), record.offset(), dead), where);
      case TOO_MANY ->
          throw new Blocked(
              Trouble.tooMany(record.partition(), record.offset(), deadEver, dead), where);
    }
    deadEver++;
  }

  private void add(ConsumerRecord<byte[], byte[]> record, Instant at, Outcome outcome) {
    entries.add(new Batch.Entry(record.partition(), record.offset(), at, outcome));
  }

  /** Most records share their millisecond with the one before. */
  private Instant time(long timestamp) {
    if (time.toEpochMilli() != timestamp) {
      time = Instant.ofEpochMilli(timestamp);
    }
    return time;
  }

  /** The consumer's position, once all that it handed over has been taken in. */
  void reached(int partition, long position) {
    stretches.get(partition).reached(position);
  }

  boolean hasMoved() {
    return stretches.values().stream().anyMatch(Stretch::hasMoved);
  }

  boolean isFull() {
    return events >= MOST_EVENTS || bytes >= mostBytes;
  }

  /** Hands the batch over and begins the next. */
  Filled cut() {
    List<Stretch.Done> moved =
        stretches.values().stream().filter(Stretch::hasMoved).map(Stretch::done).toList();
    Filled filled = new Filled(new Batch(entries, moves(moved)), moved);
    stretches.replaceAll((partition, stretch) -> stretch.hasMoved() ? stretch.next() : stretch);
    entries = new ArrayList<>(Math.min(entries.size(), MOST_EVENTS));
    events = 0;
    bytes = 0;
    return filled;
  }

  private static List<Batch.Move> moves(List<Stretch.Done> moved) {
    return moved.stream().map(Stretch.Done::move).toList();
  }

  /** A batch and what it means for each partition in it. */
  record Filled(Batch batch, List<Stretch.Done> moved) {}
}
