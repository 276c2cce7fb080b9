package dev.millrace.provisioner.core;

import dev.millrace.api.status.Counts;
import dev.millrace.stores.Batch;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The part of a batch that comes from one partition, while it grows. */
public final class Stretch {
  final int partition;
  private final long from;
  private long to;
  private Optional<Integer> leaderEpoch;
  private @Nullable Instant lastEventTime;

  /** Of the event before the next, if this or a stretch before had one. */
  private Instant before = Instant.EPOCH;

  long consumed;
  long applied;
  long filtered;
  long deadLettered;
  long skipped;

  /**
   * @param from where the cursor stands
   * @param to where the first event is taken from: further where a gap is passed
   */
  Stretch(int partition, long from, long to, Optional<Integer> leaderEpoch) {
    this.partition = partition;
    this.from = from;
    this.to = to;
    this.leaderEpoch = leaderEpoch;
  }

  void passed(long offset, Optional<Integer> epoch, Instant time) {
    to = offset + 1;
    leaderEpoch = epoch.isPresent() ? epoch : leaderEpoch;
    lastEventTime = time;
    before = time;
  }

  /** Events that leave nothing, whose offsets follow each other. */
  void passedOver(int events, long lastOffset, Optional<Integer> epoch, Instant time) {
    filtered += events;
    passed(lastOffset, epoch, time);
  }

  Instant before() {
    return before;
  }

  /** Markers of transactions and gaps that compaction left count as passed, not as read. */
  void reached(long position) {
    to = Math.max(to, position);
  }

  long position() {
    return to;
  }

  boolean hasMoved() {
    return to > from;
  }

  /** The stretch that begins where this one ends. */
  Stretch next() {
    Stretch next = new Stretch(partition, to, to, leaderEpoch);
    next.before = before;
    return next;
  }

  Done done() {
    Counts counts =
        new Counts(
            applied + filtered + deadLettered + skipped, applied, filtered, deadLettered, skipped);
    if (counts.read() != consumed) {
      throw new IllegalStateException(
          "partition " + partition + ": consumed " + consumed + " events, accounted for " + counts);
    }
    return new Done(
        new Batch.Move(partition, from, to, leaderEpoch, counts), consumed, lastEventTime);
  }

  /**
   * What it comes to.
   *
   * @param consumed counted at the consumer, apart from the outcomes
   */
  public record Done(Batch.Move move, long consumed, @Nullable Instant lastEventTime) {

    /** Counted otherwise, and nothing read. */
    public static Done amended(Batch.Move move) {
      return new Done(move, 0, null);
    }
  }
}
