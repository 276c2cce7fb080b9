package dev.millrace.catalog.event;

import dev.millrace.embedded.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A topic as any other Kafka client sees it. */
record Topic(String name, int partitions, EmbeddedKafka kafka) {

  static Topic create(EmbeddedKafka kafka, String name, int partitions) throws Exception {
    return create(kafka, name, partitions, Map.of());
  }

  /**
   * @param settings made with the topic: changed afterwards, they would reach the broker some time
   */
  static Topic create(
      EmbeddedKafka kafka, String name, int partitions, Map<String, String> settings)
      throws Exception {
    try (Admin admin = Admin.create(new HashMap<>(kafka.platformProperties()))) {
      NewTopic wanted = new NewTopic(name, partitions, (short) 1).configs(settings);
      admin.createTopics(List.of(wanted)).all().get();
    }
    Topic topic = new Topic(name, partitions, kafka);
    // Waits until every partition is served: else a producer's first batch may be refused and its
    // second taken, and then the first never gets through.
    topic.records();
    return topic;
  }

  /** Everything in it, each partition in its order. */
  List<ConsumerRecord<byte[], byte[]>> records() {
    List<TopicPartition> all =
        IntStream.range(0, partitions).mapToObj(p -> new TopicPartition(name, p)).toList();
    Map<String, Object> settings = new HashMap<>(kafka.platformProperties());
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      Instant giveUp = Instant.now().plusSeconds(120);
      while (all.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        if (Instant.now().isAfter(giveUp)) {
          throw new AssertionError("the topic " + name + " was not read to its end");
        }
        consumer.poll(Duration.ofMillis(100)).forEach(found::add);
      }
    }
    return found;
  }

  /** Each record as {@code key=value}. */
  List<String> contents() {
    return records().stream().map(r -> text(r.key()) + "=" + text(r.value())).toList();
  }

  private static String text(byte[] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }
}
