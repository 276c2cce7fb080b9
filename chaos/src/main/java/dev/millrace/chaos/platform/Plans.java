package dev.millrace.chaos.platform;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.Json;
import dev.millrace.api.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * {@code millrace.definitions} as it comes: the plans that workers have. One that builds content
 * anew, a shadow, is called like the pipeline that it works for with {@code ~rebuild} behind.
 */
public final class Plans implements AutoCloseable {
  private static final String SHADOW = "~rebuild";
  private static final TopicPartition PARTITION = new TopicPartition(Topics.DEFINITIONS, 0);

  private final KafkaConsumer<String, byte[]> consumer;
  private final Map<String, JsonNode> plans = new TreeMap<>();

  Plans(Map<String, Object> kafka) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.putAll(Map.of("enable.auto.commit", false, "auto.offset.reset", "earliest"));
    consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    consumer.assign(List.of(PARTITION));
    consumer.seekToBeginning(List.of(PARTITION));
  }

  /** Up to where it ends now. */
  public Plans readAll() {
    long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
    while (consumer.position(PARTITION) < end) {
      poll(Duration.ofMillis(100));
    }
    return this;
  }

  /** Returns as soon as there was something new, or the time is over. */
  public void poll(Duration longest) {
    consumer.poll(longest).forEach(this::take);
  }

  public Optional<JsonNode> of(String pipeline) {
    return Optional.ofNullable(plans.get(pipeline));
  }

  public Optional<JsonNode> shadowOf(String pipeline) {
    return of(pipeline + SHADOW);
  }

  /** In words. */
  public List<String> shadows() {
    return plans.keySet().stream()
        .filter(name -> name.endsWith(SHADOW))
        .map(name -> "plan of " + name)
        .toList();
  }

  /** In words, what a rebuild moves. */
  @Override
  public String toString() {
    return plans.entrySet().stream()
        .map(each ->
            "%s: definition %s %s%s"
                .formatted(
                    each.getKey(),
                    each.getValue().path("definition").asText(),
                    each.getValue().path("state").asText(),
                    each.getValue().hasNonNull("holdAt") ? " held" : ""))
        .collect(Collectors.joining("; "));
  }

  @Override
  public void close() {
    consumer.close(Duration.ofMillis(300));
  }

  private void take(ConsumerRecord<String, byte[]> plan) {
    if (plan.value() == null) {
      plans.remove(plan.key());
      return;
    }
    try {
      plans.put(plan.key(), Json.LENIENT.readTree(plan.value()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
