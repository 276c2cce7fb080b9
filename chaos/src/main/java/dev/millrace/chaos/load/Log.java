package dev.millrace.chaos.load;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What the topic holds, read by a consumer of our own: the numbers of its events by partition and
 * offset. It remembers what it read, also when the topic has forgotten it.
 */
public final class Log {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final String topic;
  private final long seed;
  private final List<List<Event>> partitions;

  public Log(String topic, long seed, int partitions) {
    this.topic = topic;
    this.seed = seed;
    this.partitions =
        IntStream.range(0, partitions).<List<Event>>mapToObj(p -> new ArrayList<>()).toList();
  }

  public String topic() {
    return topic;
  }

  public int partitions() {
    return partitions.size();
  }

  public List<Event> partition(int partition) {
    return partitions.get(partition);
  }

  public long events() {
    return partitions.stream().mapToLong(List::size).sum();
  }

  /**
   * Reads on, up to these offsets.
   *
   * @throws LogBroken when an event is not where it must be: then the broker lies, not Millrace
   */
  public void readTo(Map<String, Object> kafka, long[] end) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.putAll(Map.of("enable.auto.commit", false, "auto.offset.reset", "none"));
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> assigned =
          IntStream.range(0, partitions()).mapToObj(p -> new TopicPartition(topic, p)).toList();
      consumer.assign(assigned);
      assigned.forEach(p -> consumer.seek(p, partition(p.partition()).size()));
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!reaches(end)) {
        if (System.nanoTime() > deadline) {
          throw new LogBroken("the topic " + topic + " cannot be read to its end");
        }
        consumer.poll(Duration.ofMillis(100)).forEach(this::add);
      }
    }
  }

  /** Whether each acknowledged event lies where the broker said, and none lies there twice. */
  public void check(Map<Long, Load.Place> acknowledged) {
    Map<Long, Load.Place> found = new HashMap<>();
    for (int p = 0; p < partitions(); p++) {
      for (int offset = 0; offset < partition(p).size(); offset++) {
        long number = partition(p).get(offset).number();
        if (found.put(number, new Load.Place(p, offset)) != null) {
          throw new LogBroken("event " + number + " lies twice in the topic");
        }
      }
    }
    acknowledged.forEach((number, place) -> {
      Load.Place there = found.get(number);
      if (there == null || place.offset() >= 0 && !there.equals(place)) {
        throw new LogBroken("event " + number + " was acknowledged at " + place + ", is " + there);
      }
    });
  }

  private void add(ConsumerRecord<byte[], byte[]> stored) {
    List<Event> partition = partition(stored.partition());
    if (stored.offset() != partition.size()) {
      throw new LogBroken("the topic has a gap before offset " + stored.offset());
    }
    long number = ByteBuffer.wrap(stored.headers().lastHeader(Load.NUMBER).value()).getLong();
    partition.add(Event.of(seed, number));
  }

  private boolean reaches(long[] end) {
    return IntStream.range(0, partitions()).allMatch(p -> partition(p).size() >= end[p]);
  }

  /** The event store broke its own promise, so there is nothing to compare with. */
  public static final class LogBroken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LogBroken(String message) {
      super(message);
    }
  }
}
