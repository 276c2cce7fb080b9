package dev.millrace.bench.peer;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A consumer that is set for throughput, on some partitions of a topic. */
final class Log {
  private Log() {}

  static KafkaConsumer<byte[], byte[]> consumer(
      Path settingsFile, String topic, List<Integer> partitions) throws IOException {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(settingsFile)) {
      properties.load(in);
    }
    Map<String, Object> settings = new HashMap<>();
    properties.forEach((name, value) -> settings.put((String) name, value));
    settings.putAll(
        Map.of(
            "max.poll.records",
            10_000,
            "fetch.max.bytes",
            64 << 20,
            "max.partition.fetch.bytes",
            8 << 20,
            "receive.buffer.bytes",
            1 << 20,
            "enable.auto.commit",
            false,
            "auto.offset.reset",
            "none",
            "isolation.level",
            "read_committed",
            "group.id",
            "bench-peer"));
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(partitions.stream().map(p -> new TopicPartition(topic, p)).toList());
    return consumer;
  }

  static List<Integer> partitions(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  /** Whether a consumer has read all up to these offsets. */
  static boolean isAt(KafkaConsumer<?, ?> consumer, Map<TopicPartition, Long> end) {
    return end.entrySet().stream()
        .allMatch(each -> consumer.position(each.getKey()) >= each.getValue());
  }
}
