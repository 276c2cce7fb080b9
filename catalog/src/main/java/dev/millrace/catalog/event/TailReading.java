package dev.millrace.catalog.event;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** One look at the end of one topic. */
final class TailReading {
  private static final long MOST_BYTES = 16L * 1024 * 1024;
  private static final Duration WAIT = Duration.ofMillis(50);

  private final Consumer<byte[], byte[]> consumer;
  private final String topic;
  private final int most;
  private final long deadline;

  TailReading(Consumer<byte[], byte[]> consumer, String topic, int most, Duration time) {
    this.consumer = consumer;
    this.topic = topic;
    this.most = most;
    this.deadline = System.nanoTime() + time.toNanos();
  }

  /** Reads ever further back until enough was found: offsets may be empty, by transactions too. */
  Tail.Reading read(int perPartition) throws SourceUnavailable {
    List<TopicPartition> partitions = partitions();
    consumer.assign(partitions);
    Map<TopicPartition, Long> begin = consumer.beginningOffsets(partitions, left());
    Map<TopicPartition, Long> end = consumer.endOffsets(partitions, left());
    for (long back = perPartition; ; back *= 16) {
      Map<TopicPartition, Long> from = from(begin, end, back);
      Newest newest = new Newest(most, MOST_BYTES);
      boolean complete = read(from, end, newest);
      if (!complete || newest.isFull() || from.equals(begin)) {
        return new Tail.Reading(complete, newest.newestFirst());
      }
    }
  }

  private List<TopicPartition> partitions() throws SourceUnavailable {
    List<PartitionInfo> partitions = consumer.partitionsFor(topic, left());
    if (partitions == null || partitions.isEmpty()) {
      throw new SourceUnavailable("the event store has no topic " + topic, null);
    }
    return partitions.stream().map(p -> new TopicPartition(topic, p.partition())).toList();
  }

  private static Map<TopicPartition, Long> from(
      Map<TopicPartition, Long> begin, Map<TopicPartition, Long> end, long back) {
    Map<TopicPartition, Long> from = new HashMap<>();
    begin.forEach(
        (partition, first) -> from.put(partition, Math.max(first, end.get(partition) - back)));
    return from;
  }

  private boolean read(
      Map<TopicPartition, Long> from, Map<TopicPartition, Long> end, Newest newest) {
    from.forEach(consumer::seek);
    while (!isThere(end)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      consumer.poll(WAIT).forEach(newest::show);
    }
    return true;
  }

  private boolean isThere(Map<TopicPartition, Long> end) {
    return end.entrySet().stream().allMatch(e -> consumer.position(e.getKey()) >= e.getValue());
  }

  private Duration left() {
    return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
  }
}
