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
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

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
    this.loop =
        new Loop<>(
            "plans",
            () -> clients.platformConsumer("earliest", Loop.NOTHING_ELSE_ASKED),
            this::follow);
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
  static void take(ConsumerRecord<String, byte[]> record, Map<ObjectKey, PipelinePlan> plans) {
    try {
      ObjectKey pipeline = ObjectKey.parse(record.key());
      plans.remove(pipeline);
      if (record.value() != null) {
        PipelinePlan plan = Json.LENIENT.readValue(record.value(), PipelinePlan.class);
        if (!isWhole(plan, pipeline)) {
          throw new IllegalArgumentException("not all of a plan is there");
        }
        plans.put(pipeline, plan);
      }
    } catch (IOException | IllegalArgumentException e) {
      LOG.errorf(
          "unreadable plan key=%s offset=%d: %s. Does the controller have another version?",
          record.key(), record.offset(), e.getMessage());
    }
  }

  /** Wire types accept whatever decodes. What a plan cannot do without is looked at here, once. */
  private static boolean isWhole(@Nullable PipelinePlan plan, ObjectKey pipeline) {
    return plan != null
        && pipeline.equals(plan.subscription())
        && Stream.of(
                plan.uid(),
                plan.requires(),
                plan.state(),
                plan.source(),
                plan.columns(),
                plan.mode(),
                plan.target(),
                plan.onError(),
                plan.start(),
                plan.cutover())
            .allMatch(Objects::nonNull)
        && plan.source().topic() != null
        && plan.source().topicId() != null
        && plan.target().engine() != null
        && plan.target().store() != null;
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
