package dev.millrace.provisioner.source;

import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.Topics;
import dev.millrace.api.plan.PipelinePlan;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/** {@code millrace.definitions}, read from the beginning and followed. */
public final class PlanFeed implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(PlanFeed.class);
  private static final TopicPartition PARTITION = new TopicPartition(Topics.DEFINITIONS, 0);

  private final java.util.function.Consumer<Map<ObjectKey, PipelinePlan>> changed;
  private final Loop<String, byte[]> loop;

  /**
   * @param changed given all plans there are: once when they are all read, then at each change;
   *     always from the feed's own thread
   */
  public PlanFeed(
      Clients clients, java.util.function.Consumer<Map<ObjectKey, PipelinePlan>> changed) {
    this.changed = changed;
    this.loop = new Loop<>("plans", () -> clients.platformConsumer("earliest"), this::follow);
  }

  public void start() {
    loop.start();
  }

  private void follow(Consumer<String, byte[]> consumer) {
    consumer.assign(List.of(PARTITION));
    consumer.seekToBeginning(List.of(PARTITION));
    Map<ObjectKey, PipelinePlan> plans = new HashMap<>();
    long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
    while (consumer.position(PARTITION) < end) {
      consumer.poll(Duration.ofMillis(200)).forEach(record -> take(record, plans));
    }
    changed.accept(Map.copyOf(plans));
    while (!loop.isClosing()) {
      ConsumerRecords<String, byte[]> records = consumer.poll(Duration.ofSeconds(5));
      if (!records.isEmpty()) {
        records.forEach(record -> take(record, plans));
        changed.accept(Map.copyOf(plans));
      }
    }
  }

  /** A plan that cannot be read ends the one before it, which is not what is wanted any more. */
  private static void take(
      ConsumerRecord<String, byte[]> record, Map<ObjectKey, PipelinePlan> plans) {
    try {
      ObjectKey subscription = ObjectKey.parse(record.key());
      plans.remove(subscription);
      if (record.value() != null) {
        plans.put(subscription, Json.LENIENT.readValue(record.value(), PipelinePlan.class));
      }
    } catch (IOException | IllegalArgumentException e) {
      LOG.errorf("unreadable plan key=%s offset=%d", record.key(), record.offset());
    }
  }

  /** Lets it end; returns at once. */
  public void stop() {
    loop.stop();
  }

  @Override
  public void close() {
    loop.close();
  }
}
