package dev.millrace.standalone.demo;

import java.util.Arrays;

/**
 * Tells, going through a {@link Sequence} from its beginning, which events a topic holds already.
 * Within a partition records stand in the order of the sequence and without gaps (the producer is
 * idempotent), so the first n of a partition with n records are there. The partitions need not have
 * come equally far.
 */
final class Tally {
  private final long[] there;
  private final long[] passed;
  private long missing;

  /**
   * @param there number of records in each partition
   */
  Tally(long[] there) {
    this.there = there.clone();
    this.passed = new long[there.length];
    this.missing = Arrays.stream(there).sum();
  }

  /** The next event of the sequence belongs to this partition: is it still to be published? */
  boolean isDue(int partition) {
    if (passed[partition] < there[partition]) {
      passed[partition]++;
      missing--;
      return false;
    }
    return true;
  }

  /** Every record of the topic has been passed: whatever comes now is due. */
  boolean isBeyond() {
    return missing == 0;
  }
}
