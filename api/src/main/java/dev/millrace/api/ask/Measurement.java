package dev.millrace.api.ask;

import java.util.List;
import java.util.Map;

/**
 * What a worker measured lately of a pipeline, on the partitions that it has. The entry of an
 * answer to a question of the kind Explain: each worker that has some answers with its own.
 *
 * @param seconds how far back it reaches: 5 to 10, less for one that has just begun
 * @param partitions with whom each is read
 * @param time what taking in events did or waited for
 * @param writing share of the time in which a batch was being written, beside the above
 * @param events read in these seconds
 * @param batches written in these seconds
 * @param eventsInBatch how many events a batch covered
 * @param changesInBatch how many rows, deletions and dead letters a batch held
 * @param ways batches by the way they were written, since the store was taken
 * @param limitedBy Store, Encoding, Reading, Filtering, Turn or Nothing
 * @param sentence the same for people
 */
public record Measurement(
    String worker,
    double seconds,
    List<SharedReading> partitions,
    TimeShares time,
    double writing,
    long events,
    long batches,
    BatchSizes eventsInBatch,
    BatchSizes changesInBatch,
    Map<String, Long> ways,
    String limitedBy,
    String sentence) {

  /**
   * @param sharedWith how many other subscriptions take what the same reader brings
   * @param catchingUp others are further ahead; it joins them when it reaches them
   */
  public record SharedReading(int partition, int sharedWith, boolean catchingUp) {}

  /**
   * Shares of the time, from 0 to 1; together 1. Taking in goes on while a batch is written, so
   * encoding and store are only what it waited for.
   *
   * @param reading it waited for events that are in the log
   * @param filtering it extracted, filtered and shaped events
   * @param encoding it waited for a batch that was put into the store's form
   * @param store it waited for a batch that the store was writing
   * @param turn it waited for a processor, or for memory that others hold
   * @param idle it waited for events that are not there yet
   */
  public record TimeShares(
      double reading, double filtering, double encoding, double store, double turn, double idle) {}

  /** Of the last batches, 128 at most; zeros when there was none. */
  public record BatchSizes(long now, long median, long largest) {}
}
