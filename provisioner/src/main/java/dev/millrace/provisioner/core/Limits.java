package dev.millrace.provisioner.core;

/**
 * How much a worker may hold and do at once, whatever the number of subscriptions.
 *
 * @param windowBytes of events read, for all partitions together
 * @param batchBytes of batches that grow or are being written, for all subscriptions together
 * @param largestBatch of one subscription
 * @param presenceBytes for knowing which keys are in the stores, for all subscriptions together
 * @param lanes consumers
 * @param fills subscriptions that take in at the same time
 */
public record Limits(
    long windowBytes,
    long batchBytes,
    long largestBatch,
    long presenceBytes,
    int lanes,
    int fills) {

  /** One pipeline's part of it at most. */
  private static final long MOST_PRESENCE = 32L << 20;

  private static final int FEW = 4;

  public Limits {
    if (windowBytes < 1
        || batchBytes < 1
        || largestBatch < 1
        || presenceBytes < 0
        || lanes < 1
        || fills < 1) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }

  /** Half for batches, a quarter each for what was read and for the keys in the stores. */
  public static Limits within(long memoryBytes, long largestBatch, int processors) {
    return new Limits(
        memoryBytes / 4,
        memoryBytes / 2,
        largestBatch,
        memoryBytes / 4,
        3,
        Math.max(2, processors));
  }

  /** How much of what was read one subscription looks at before another has its turn. */
  long lookBytes() {
    return windowBytes / 4;
  }

  long presenceBytes(int subscriptions) {
    return Math.min(MOST_PRESENCE, presenceBytes / Math.max(FEW, subscriptions));
  }
}
