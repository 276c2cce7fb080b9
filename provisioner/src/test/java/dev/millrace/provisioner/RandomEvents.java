package dev.millrace.provisioner;

import dev.millrace.api.status.Counts;
import dev.millrace.needs.transform.StoreKey;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * New rows, changed ones, ones that leave the filter and come back, deletions and broken events;
 * and what has to come of them through the filter {@link #FILTER}, computed without the worker.
 */
final class RandomEvents {
  static final String FILTER = "event.total >= 50";

  private final EventLog log;
  private final Random random;
  private final long ids;
  private final long[] next;
  private final Set<String> deadLetters = new TreeSet<>();
  private long applied;
  private long filtered;

  RandomEvents(
      Producer<byte[], byte[]> producer, String topic, int partitions, long ids, long seed) {
    this.log = new EventLog(producer, topic, partitions);
    this.random = new Random(seed);
    this.ids = ids;
    this.next = new long[partitions];
  }

  void publish(int events) {
    for (int i = 0; i < events; i++) {
      one(random.nextLong(ids));
    }
    log.flush();
  }

  private void one(long id) {
    int partition = (int) (id % next.length);
    long offset = next[partition]++;
    switch (random.nextInt(20)) {
      case 0, 1 -> {
        log.delete(id);
        applied++;
      }
      case 2 -> {
        log.broken(id);
        deadLetters.add(partition + "/" + offset + " NotJson");
      }
      default -> {
        int total = random.nextInt(100);
        log.put(id, "v" + random.nextInt(), total);
        applied += total >= 50 ? 1 : 0;
        filtered += total >= 50 ? 0 : 1;
      }
    }
  }

  Map<StoreKey, List<@Nullable Object>> rows() {
    return log.expected(event -> event.total() >= 50);
  }

  Counts counts() {
    return new Counts(log.published(), applied, filtered, deadLetters.size(), 0);
  }

  /** Partition, offset and code of each. */
  Set<String> deadLetters() {
    return deadLetters;
  }
}
