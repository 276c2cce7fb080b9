package dev.millrace.standalone.demo;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** One of the demo's topics. Nothing is ever removed from them: an end offset is a count. */
final class TopicReader implements AutoCloseable {
  private final String name;
  private final Map<String, Object> kafka;
  private final Admin admin;

  TopicReader(String name, Map<String, String> kafka) {
    this.name = name;
    this.admin = Admin.create(new HashMap<>(kafka));
    this.kafka = new HashMap<>(kafka);
    // Closing waits for the fetch that runs ahead; at the end of a topic that is all it waits for.
    this.kafka.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
  }

  String name() {
    return name;
  }

  /** How many records each partition holds. */
  long[] ends() throws InterruptedException {
    try {
      TopicDescription topic = admin.describeTopics(List.of(name)).allTopicNames().get().get(name);
      Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
      topic
          .partitions()
          .forEach(p -> asked.put(new TopicPartition(name, p.partition()), OffsetSpec.latest()));
      long[] ends = new long[topic.partitions().size()];
      admin
          .listOffsets(asked)
          .all()
          .get()
          .forEach((partition, at) -> ends[partition.partition()] = at.offset());
      return ends;
    } catch (ExecutionException e) {
      throw new DemoFailed("the topic " + name + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Hands over the records of a partition from one offset up to before another, in order. */
  void read(int partition, long from, long to, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    TopicPartition source = new TopicPartition(name, partition);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(source));
      consumer.seek(source, from);
      while (consumer.position(source) < to) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          if (record.offset() < to) {
            each.accept(record);
          }
        }
      }
    } catch (KafkaException e) {
      throw new DemoFailed("the topic " + name + " cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(5));
  }
}
