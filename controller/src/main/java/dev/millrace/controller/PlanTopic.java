package dev.millrace.controller;

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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * {@code millrace.definitions}: the plans that workers have. The topic is the controller's memory
 * as well, so it is read to its end before anything is decided. One controller writes it.
 */
public final class PlanTopic implements AutoCloseable {
  private static final Duration ACKNOWLEDGED = Duration.ofSeconds(30);

  /** Shorter, so that whoever was told that a write failed is not contradicted later. */
  private static final Duration DELIVERED = Duration.ofSeconds(25);

  private static final Duration ANSWERED = Duration.ofSeconds(10);

  private final Producer<String, byte[]> producer;
  private final Supplier<Map<ObjectKey, PipelinePlan>> all;
  private final Map<ObjectKey, PipelinePlan> plans;
  private final Set<ObjectKey> unsure = ConcurrentHashMap.newKeySet();

  /**
   * @param all reads the topic to its end; throws KafkaException
   */
  PlanTopic(Producer<String, byte[]> producer, Supplier<Map<ObjectKey, PipelinePlan>> all) {
    this.producer = producer;
    this.all = all;
    this.plans = new ConcurrentHashMap<>(all.get());
  }

  /**
   * Reads it to its end.
   *
   * @param kafka client settings of the platform's own principal
   * @throws KafkaException when the topic cannot be read
   */
  public static PlanTopic open(Map<String, Object> kafka) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put("acks", "all");
    settings.put("enable.idempotence", true);
    settings.put("delivery.timeout.ms", (int) DELIVERED.toMillis());
    settings.put("request.timeout.ms", (int) ANSWERED.toMillis());
    return new PlanTopic(
        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer()),
        () -> readAll(kafka));
  }

  /**
   * A write without an answer may be on the topic all the same, or come to be seen there later, and
   * workers act upon it. So before anything is decided about a pipeline again, the topic tells, and
   * what it tells is written once more: whatever is late lies before that.
   */
  void makeSure(ObjectKey pipeline) throws SourceFault {
    if (unsure.contains(pipeline)) {
      PipelinePlan there = read(pipeline);
      send(pipeline, there == null ? null : Wire.bytes(there));
      keep(pipeline, there);
      unsure.remove(pipeline);
    }
  }

  private @Nullable PipelinePlan read(ObjectKey pipeline) throws SourceFault {
    try {
      return all.get().get(pipeline);
    } catch (KafkaException e) {
      throw SourceFault.unavailable("reading " + Topics.DEFINITIONS, e);
    }
  }

  private void keep(ObjectKey pipeline, @Nullable PipelinePlan plan) {
    if (plan == null) {
      plans.remove(pipeline);
    } else {
      plans.put(pipeline, plan);
    }
  }

  /** What workers have of a pipeline. */
  public Optional<PipelinePlan> published(ObjectKey subscription) {
    return Optional.ofNullable(plans.get(subscription));
  }

  List<ObjectKey> subscriptions() {
    return List.copyOf(plans.keySet());
  }

  /** Returns once the broker has it. */
  void publish(PipelinePlan plan) throws SourceFault {
    send(plan.subscription(), Wire.bytes(plan));
    keep(plan.subscription(), plan);
  }

  /** Returns once the broker has it. */
  void retract(ObjectKey subscription) throws SourceFault {
    send(subscription, null);
    keep(subscription, null);
  }

  private void send(ObjectKey subscription, byte @Nullable [] value) throws SourceFault {
    try {
      producer
          .send(new ProducerRecord<>(Topics.DEFINITIONS, subscription.toString(), value))
          .get(ACKNOWLEDGED.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      unsure.add(subscription);
      throw SourceFault.unavailable("writing " + Topics.DEFINITIONS, e);
    } catch (InterruptedException e) {
      unsure.add(subscription);
      Thread.currentThread().interrupt();
      throw SourceFault.unavailable("writing " + Topics.DEFINITIONS, e);
    }
  }

  private static Map<ObjectKey, PipelinePlan> readAll(Map<String, Object> kafka) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put("auto.offset.reset", "none");
    settings.put("enable.auto.commit", false);
    // Closing waits for the fetch under way, which finds nothing.
    settings.put("fetch.max.wait.ms", 20);
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
