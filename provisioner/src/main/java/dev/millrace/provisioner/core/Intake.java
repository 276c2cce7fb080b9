package dev.millrace.provisioner.core;

import dev.millrace.api.status.Counts;
import dev.millrace.needs.event.RawEvent;
import dev.millrace.needs.transform.Outcome;
import dev.millrace.needs.transform.Selection;
import dev.millrace.provisioner.correction.CorrectedTransform;
import dev.millrace.provisioner.correction.Corrections;
import dev.millrace.provisioner.correction.Effect;
import dev.millrace.stores.Amendment;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Cursor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * From records to batches: decides what becomes of each event, counts it, and knows how far the
 * batch reaches. No clock, no I/O. Not safe for use by several threads.
 */
public final class Intake {
  /** A batch is also full by this many entries: latency and memory, and more gains no speed. */
  public static final int MOST_ENTRIES = 10_000;

  private static final Outcome PASS = new Outcome.Pass();

  private final CorrectedTransform transform;
  private final Supplier<Corrections> corrections;
  private final OnError onError;
  private final PresentKeys present;
  private final Holes holes;
  private final Map<Integer, Long> ends;
  private final Map<Integer, Stretch> stretches = new TreeMap<>();
  private List<Batch.Entry> entries = new ArrayList<>();
  private long bytes;
  private long readEver;
  private long deadEver;
  private Instant time = Instant.EPOCH;

  /**
   * @param corrections those that are known; asked at each {@link #fill}
   * @param work says where the cursors' partitions are read on from, and where they end
   */
  public Intake(
      CorrectedTransform transform,
      Supplier<Corrections> corrections,
      OnError onError,
      PresentKeys present,
      Holes holes,
      List<Cursor> cursors,
      Work work) {
    this.transform = transform;
    this.corrections = corrections;
    this.onError = onError;
    this.present = present;
    this.holes = holes;
    this.ends = work.ends();
    for (Cursor cursor : cursors) {
      stretches.put(
          cursor.partition(),
          new Stretch(
              cursor.partition(),
              cursor.nextOffset(),
              work.position(cursor),
              work.leaderEpoch(cursor)));
      Counts counts = cursor.counts();
      readEver += counts.read();
      deadEver += counts.deadLettered() + counts.skipped();
    }
  }

  /**
   * Takes in what follows its position, as far as there is room. What a filter passes over needs
   * none: a batch that only moves a cursor is as small, however far.
   *
   * @param room most bytes to add
   * @param oversize an empty batch may take one record that is larger
   */
  public Level fill(List<Chunk> chunks, long room, boolean oversize) {
    long limit = bytes + room;
    Corrections corrected = corrections.get();
    for (Chunk chunk : chunks) {
      Stretch stretch = stretches.get(chunk.partition().partition());
      long end = ends.getOrDefault(stretch.partition, Long.MAX_VALUE);
      if (stretch.position() >= end) {
        continue;
      }
      if (chunk.from() > stretch.position()) {
        throw new IllegalStateException(
            "events are missing between " + stretch.position() + " and " + chunk);
      }
      try {
        Selection asked = transform.among(chunk.events());
        int last = chunk.indexOf(end);
        int first = chunk.indexOf(stretch.position());
        for (int i = next(asked, first, last); i < last; i = next(asked, i + 1, last)) {
          pass(chunk, first, i, stretch);
          first = i + 1;
          ConsumerRecord<byte[], byte[]> record = chunk.records().get(i);
          Outcome outcome = outcome(record, chunk.events().get(i));
          if (!leavesNothing(outcome) && !fits(record, limit, oversize)) {
            return level(true, Optional.empty());
          }
          checkHole(stretch, record.offset());
          take(record, outcome, corrected, stretch);
        }
        pass(chunk, first, last, stretch);
        checkHole(stretch, Math.min(chunk.to(), end));
      } catch (Blocked e) {
        return level(true, Optional.of(e));
      }
      stretch.reached(Math.min(chunk.to(), end));
    }
    return level(entries.size() >= MOST_ENTRIES, Optional.empty());
  }

  /** Who has to be looked at next; all before leave at the filter, and have no row. */
  private int next(Selection asked, int from, int last) {
    int next = Math.min(asked.next(from), last);
    for (int i = from; i < next && asked.leaves(); i++) {
      if (present.mayHold(asked.key(i))) {
        return i;
      }
    }
    return next;
  }

  /** All of these at once, as far as nothing is missing between them. */
  private void pass(Chunk chunk, int from, int to, Stretch stretch) throws Blocked {
    for (int first = from; first < to; ) {
      int end = chunk.unbroken(first, to);
      long offset = chunk.records().get(first).offset();
      ConsumerRecord<byte[], byte[]> last = chunk.records().get(end - 1);
      checkHole(stretch, offset);
      stretch.passedOver(
          end - first, last.offset(), chunk.epochBefore(first, end), time(last.timestamp()));
      stretch.consumed += last.offset() + 1 - offset;
      readEver += end - first;
      first = end;
    }
  }

  /** A delete of what cannot be there is nothing to do. */
  private Outcome outcome(ConsumerRecord<byte[], byte[]> record, @Nullable RawEvent event) {
    Outcome outcome = transform.uncorrected(record, event);
    return outcome instanceof Outcome.Leave leave && !present.mayHold(leave.key()) ? PASS : outcome;
  }

  /** The same of a tombstone, which counts as applied. */
  private boolean leavesNothing(Outcome outcome) {
    return outcome instanceof Outcome.Pass
        || (outcome instanceof Outcome.Delete delete && !present.mayHold(delete.key()));
  }

  /** Before an offset up to which there is nothing. */
  private void checkHole(Stretch stretch, long next) throws Blocked {
    if (next > stretch.position()) {
      Optional<Trouble> trouble =
          holes.trouble(stretch.partition, stretch.position(), stretch.before());
      if (trouble.isPresent()) {
        throw new Blocked(trouble.get(), OptionalInt.of(stretch.partition));
      }
    }
  }

  private boolean fits(ConsumerRecord<byte[], byte[]> record, long limit, boolean oversize) {
    return entries.size() < MOST_ENTRIES
        && (bytes + Chunk.bytesInBatch(record) <= limit || (oversize && entries.isEmpty()));
  }

  private Level level(boolean full, Optional<Blocked> stop) {
    return new Level(
        bytes, stretches.values().stream().anyMatch(Stretch::hasMoved), full, positions(), stop);
  }

  /**
   * @throws Blocked when the pipeline has to stop before this record
   */
  private void take(
      ConsumerRecord<byte[], byte[]> record,
      Outcome outcome,
      Corrections corrected,
      Stretch stretch)
      throws Blocked {
    Instant at = time(record.timestamp());
    if (outcome instanceof Outcome.Dead dead
        && corrected.concern(record.partition(), record.offset())) {
      correct(record, at, transform.corrected(record, dead, corrected), stretch);
    } else {
      apply(record, at, outcome, stretch);
    }
    stretch.passed(record.offset(), record.leaderEpoch(), at);
    stretch.consumed++;
    readEver++;
  }

  private void correct(
      ConsumerRecord<byte[], byte[]> record, Instant at, Effect effect, Stretch stretch)
      throws Blocked {
    switch (effect) {
      case Effect.Of of -> apply(record, at, of.outcome(), stretch);
      case Effect.Discarded discarded -> {
        stretch.skipped++;
        deadEver++;
      }
    }
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
        if (!leavesNothing(delete)) {
          present.goes();
          add(record, at, delete);
        }
      }
      case Outcome.Leave leave -> {
        stretch.filtered++;
        present.goes();
        add(record, at, leave);
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
    bytes += Chunk.bytesInBatch(record);
  }

  /** Most records share their millisecond with the one before. */
  private Instant time(long timestamp) {
    if (time.toEpochMilli() != timestamp) {
      time = Instant.ofEpochMilli(timestamp);
    }
    return time;
  }

  /** Where the next event is taken from, of each partition. */
  public Map<Integer, Long> positions() {
    Map<Integer, Long> positions = new TreeMap<>();
    stretches.forEach((partition, stretch) -> positions.put(partition, stretch.position()));
    return positions;
  }

  /** The store was amended, while there was nothing taken in that it had not got. */
  public void amended(Amendment amendment) {
    for (Batch.Entry entry : amendment.batch().entries()) {
      if (entry.outcome() instanceof Outcome.Put put) {
        present.add(put.key());
      }
    }
    for (Batch.Move move : amendment.batch().moves()) {
      deadEver += move.delta().deadLettered() + move.delta().skipped();
    }
  }

  /**
   * Whether to ask the store which keys it has: too much is known of keys that have gone.
   *
   * @param least deletions that asking costs as much as
   */
  public boolean isWorn(long least) {
    return present.isWorn(least);
  }

  /**
   * The store will be asked when it has all that was taken in until now; until {@link #present} any
   * key may be there.
   *
   * @return false when it is not to be asked
   */
  public boolean asksForKeys() {
    return present.ask();
  }

  /**
   * @param answer the keys that the store had when it was asked
   */
  public void present(PresentKeys answer) {
    present.answered(answer);
  }

  /** Hands the batch over and begins the next. */
  public Filled cut() {
    List<Stretch.Done> moved =
        stretches.values().stream().filter(Stretch::hasMoved).map(Stretch::done).toList();
    Filled filled = new Filled(new Batch(entries, moves(moved)), moved);
    stretches.replaceAll((partition, stretch) -> stretch.hasMoved() ? stretch.next() : stretch);
    entries = new ArrayList<>(Math.min(entries.size(), MOST_ENTRIES));
    bytes = 0;
    return filled;
  }

  private static List<Batch.Move> moves(List<Stretch.Done> moved) {
    return moved.stream().map(Stretch.Done::move).toList();
  }

  /**
   * How far a batch has grown.
   *
   * @param moved there is something to write, if only cursors
   * @param full what was given last did not fit
   * @param positions how far each partition has been taken in
   * @param stop why nothing more may be taken in; what was, must be written first
   */
  public record Level(
      long bytes,
      boolean moved,
      boolean full,
      Map<Integer, Long> positions,
      Optional<Blocked> stop) {
    static final Level EMPTY = new Level(0, false, false, Map.of(), Optional.empty());

    /** Nothing was taken in, and yet a cursor has to move. */
    static final Level GAP_PASSED = new Level(0, true, false, Map.of(), Optional.empty());
  }

  /** A batch and what it means for each partition in it. */
  public record Filled(Batch batch, List<Stretch.Done> moved) {

    /** How many events it covers. */
    public long events() {
      return moved.stream().mapToLong(Stretch.Done::consumed).sum();
    }

    /** How many rows, deletions and dead letters come of them. */
    public int changes() {
      return batch.entries().size();
    }
  }
}
