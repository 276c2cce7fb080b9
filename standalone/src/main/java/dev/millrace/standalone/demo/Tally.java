package dev.millrace.standalone.demo;

/**
 * Tells, going through a {@link Sequence} from its beginning, which events a topic holds already.
 * Within a partition records stand in the order of the sequence and without gaps (the producer is
 * idempotent), so the first n of a partition with n records are there. The partitions need not have
 * come equally far.
 */
final class Tally {
  private final long[] there;
  private final long[] passed;

  /**
   * @param there number of records in each partition
   */
  Tally(long[] there) {
    this.there = there.clone();
    this.passed = new long[there.length];
  }

  /** The next event of the sequence belongs to this partition: is it still to be published? */
  boolean isDue(int partition) {
    if (passed[partition] < there[partition]) {
      passed[partition]++;
      return false;
    }
    return true;
  }
}
