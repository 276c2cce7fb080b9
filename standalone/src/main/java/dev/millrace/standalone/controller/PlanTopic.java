package dev.millrace.standalone.controller;

import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.Topics;
import dev.millrace.api.plan.PipelinePlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * {@code millrace.definitions}: the plans that workers have. The topic is the controller's memory
 * as well, so it is read to its end before anything is decided. One controller writes it.
 */
final class PlanTopic implements AutoCloseable {
  private static final Duration ACKNOWLEDGED = Duration.ofSeconds(30);

  private final KafkaProducer<String, byte[]> producer;
  private final Map<ObjectKey, PipelinePlan> plans;

  private PlanTopic(KafkaProducer<String, byte[]> producer, Map<ObjectKey, PipelinePlan> plans) {
    this.producer = producer;
    this.plans = new ConcurrentHashMap<>(plans);
  }

  static PlanTopic open(Map<String, Object> kafka) {
    Map<ObjectKey, PipelinePlan> plans = readAll(kafka);
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put("acks", "all");
    settings.put("enable.idempotence", true);
    return new PlanTopic(
        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer()), plans);
  }

  Optional<PipelinePlan> published(ObjectKey subscription) {
    return Optional.ofNullable(plans.get(subscription));
  }

  List<ObjectKey> subscriptions() {
    return List.copyOf(plans.keySet());
  }

  /** Returns once the broker has it. */
  void publish(PipelinePlan plan) throws SourceFault {
    send(plan.subscription(), Wire.bytes(plan));
    plans.put(plan.subscription(), plan);
  }

  /** Returns once the broker has it. */
  void retract(ObjectKey subscription) throws SourceFault {
    send(subscription, null);
    plans.remove(subscription);
  }

  private void send(ObjectKey subscription, byte @org.jspecify.annotations.Nullable [] value)
      throws SourceFault {
    try {
      producer
          .send(new ProducerRecord<>(Topics.DEFINITIONS, subscription.toString(), value))
          .get(ACKNOWLEDGED.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw SourceFault.unavailable("writing " + Topics.DEFINITIONS, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SourceFault.unavailable("writing " + Topics.DEFINITIONS, e);
    }
  }

  private static Map<ObjectKey, PipelinePlan> readAll(Map<String, Object> kafka) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put("auto.offset.reset", "none");
    settings.put("enable.auto.commit", false);
    Map<ObjectKey, PipelinePlan> plans = new HashMap<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition(Topics.DEFINITIONS, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(record -> {
              ObjectKey key = ObjectKey.parse(record.key());
              if (record.value() == null) {
                plans.remove(key);
              } else {
                plans.put(key, decode(record.value()));
              }
            });
      }
    }
    return plans;
  }

  private static PipelinePlan decode(byte[] value) {
    try {
      return Json.LENIENT.readValue(value, PipelinePlan.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(2));
  }
}
