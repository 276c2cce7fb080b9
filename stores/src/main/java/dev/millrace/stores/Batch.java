package dev.millrace.stores;

import dev.millrace.api.status.Counts;
import dev.millrace.needs.transform.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is written in one step: changes in offset order for each partition, and the cursors that
 * stand behind them.
 *
 * @param entries only {@code Put}, {@code Add}, {@code Delete}, {@code Leave} and {@code Dead}, in
 *     the order read; a sink folds them to the last version of each key itself
 * @param moves one for each partition in the batch
 */
public record Batch(List<Entry> entries, List<Move> moves) {

  /**
   * @param time the record's timestamp
   */
  public record Entry(int partition, long offset, Instant time, Outcome outcome) {}

  /**
   * Compare-and-set of one cursor.
   *
   * @param from the offset the store must still hold
   * @param to the offset after the last record of this batch (filtered and skipped ones too)
   * @param leaderEpoch of the last record before {@code to}; empty when nobody knows it. A move
   *     that goes nowhere leaves the cursor's.
   * @param delta what to add to the cursor's counts
   */
  public record Move(
      int partition, long from, long to, Optional<Integer> leaderEpoch, Counts delta) {}
}
