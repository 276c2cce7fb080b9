package dev.millrace.provisioner;

import dev.millrace.needs.transform.StoreKey;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.IntPredicate;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * Rows whose total changes all the time, so that they leave one {@link Crowd} member's range for
 * another's, and deletions; and what has to come of them, computed without the worker.
 */
final class MovingRows {
  static final int TOTALS = 1_000_000;

  private final EventLog log;
  private final long ids;
  private final Random random = new Random(7);
  private final long[] next;

  /**
   * @param total none: a deletion
   * @param at {@link System#nanoTime} before it was sent
   */
  record Sent(int partition, long offset, OptionalInt total, long at) {}

  MovingRows(Producer<byte[], byte[]> producer, String topic, int partitions, long ids) {
    this.log = new EventLog(producer, topic, partitions);
    this.ids = ids;
    this.next = new long[partitions];
  }

  /** Mostly a row, sometimes a deletion. */
  Sent publish() {
    long id = random.nextLong(ids);
    if (random.nextInt(20) > 0) {
      return publish(id, "v" + random.nextInt());
    }
    long at = System.nanoTime();
    log.delete(id);
    return sent(id, OptionalInt.empty(), at);
  }

  Sent publish(long id, String name) {
    int total = random.nextInt(TOTALS);
    long at = System.nanoTime();
    log.put(id, name, total);
    return sent(id, OptionalInt.of(total), at);
  }

  private Sent sent(long id, OptionalInt total, long at) {
    int partition = (int) (id % next.length);
    return new Sent(partition, next[partition]++, total, at);
  }

  /** Returns when the broker has all. */
  void flush() {
    log.flush();
  }

  long published() {
    return log.published();
  }

  /** For each partition. */
  long[] ends() {
    return next.clone();
  }

  Map<StoreKey, List<@Nullable Object>> rows(IntPredicate totals) {
    return log.expected(event -> totals.test(event.total()));
  }
}
