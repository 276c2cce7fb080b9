package dev.millrace.provisioner.source;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Makes Kafka clients for each of a worker's purposes.
 *
 * @param kafka properties that reach the cluster
 */
public record Clients(Map<String, Object> kafka) {

  /**
   * Reads small topics of the platform from any position.
   *
   * @param fetchWait how long a fetch waits at the broker when there is nothing; whatever else is
   *     asked of that broker meanwhile waits too
   */
  public KafkaConsumer<String, byte[]> platformConsumer(String resetTo, Duration fetchWait) {
    return new KafkaConsumer<>(
        with(
            Map.of(
                "auto.offset.reset",
                resetTo,
                "enable.auto.commit",
                false,
                "allow.auto.create.topics",
                false,
                "fetch.max.wait.ms",
                (int) fetchWait.toMillis(),
                "reconnect.backoff.max.ms",
                1000)),
        new StringDeserializer(),
        new ByteArrayDeserializer());
  }

  /**
   * Reads events: large fetches, only what was committed, and never from anywhere else.
   *
   * @param partitionBytes most that is fetched, and held, of one partition; a larger batch is all
   *     the same
   * @param fetchWait how long a fetch waits at the broker when there is nothing
   */
  public KafkaConsumer<byte[], byte[]> eventConsumer(
      int mostRecords, int partitionBytes, Duration fetchWait) {
    return new KafkaConsumer<>(
        with(
            Map.of(
                "auto.offset.reset",
                "none",
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                false,
                "allow.auto.create.topics",
                false,
                "max.poll.records",
                mostRecords,
                "max.partition.fetch.bytes",
                partitionBytes,
                "fetch.max.wait.ms",
                (int) fetchWait.toMillis(),
                "fetch.max.bytes",
                8 << 20,
                "receive.buffer.bytes",
                1 << 20,
                "reconnect.backoff.max.ms",
                1000)),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  /** Takes part in the group and fetches nothing. */
  KafkaConsumer<byte[], byte[]> memberConsumer(String worker, String group, int sessionMillis) {
    return new KafkaConsumer<>(
        with(
            Map.of(
                "client.id",
                worker,
                "group.id",
                group,
                "partition.assignment.strategy",
                "org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
                "session.timeout.ms",
                sessionMillis,
                "heartbeat.interval.ms",
                sessionMillis / 4,
                // Every partition is paused, so this position is looked up and never used.
                "auto.offset.reset",
                "latest",
                "enable.auto.commit",
                false,
                "allow.auto.create.topics",
                false,
                "metadata.max.age.ms",
                5000,
                "reconnect.backoff.max.ms",
                1000)),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  /** Reports and answers. Each request would be fetched by all who listen, so they go together. */
  public KafkaProducer<String, byte[]> producer() {
    return new KafkaProducer<>(
        with(
            Map.of(
                "acks", "1",
                "enable.idempotence", false,
                // Retried out of order, a tombstone could come before the report it ends.
                "max.in.flight.requests.per.connection", 1,
                "linger.ms", 20,
                "max.block.ms", 3000,
                "delivery.timeout.ms", 10_000,
                "request.timeout.ms", 5000,
                "reconnect.backoff.max.ms", 1000)),
        new StringSerializer(),
        new ByteArraySerializer());
  }

  Admin admin() {
    return Admin.create(with(Map.of("request.timeout.ms", 3000, "default.api.timeout.ms", 5000)));
  }

  private Map<String, Object> with(Map<String, Object> purpose) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.putAll(purpose);
    return settings;
  }
}
