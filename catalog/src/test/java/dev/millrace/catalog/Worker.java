package dev.millrace.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.Topics;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import dev.millrace.api.status.PartitionReport;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Says what a worker says. */
public final class Worker implements AutoCloseable {
  private final KafkaProducer<String, byte[]> producer;

  public Worker(CatalogConfig config) {
    producer =
        new KafkaProducer<>(
            new HashMap<>(config.kafka()), new StringSerializer(), new ByteArraySerializer());
  }

  /** Two partitions from offset 0, with history up to 100 in each. */
  public static PipelinePlan plan(ObjectKey key, String uid) {
    return new PipelinePlan(
        key,
        uid,
        1,
        List.of(),
        "Running",
        new PipelinePlan.Source(
            key, "topic", "id", "cluster", 2, Json.STRICT.createObjectNode(), "id", false),
        null,
        List.of(),
        "Upsert",
        new PipelinePlan.Target(
            "Postgres", key, "127.0.0.1", 5432, "db", "disable", "writer/x", null, null),
        new PipelinePlan.ErrorPolicy("DeadLetter", null, null),
        Map.of(0, 0L, 1, 0L),
        Map.of(0, 100L, 1, 100L),
        null);
  }

  public void reports(ObjectKey key, int partition, long position, long endOffset) {
    PartitionReport report =
        new PartitionReport(
            key,
            partition,
            1,
            "w1",
            "Preloading",
            position,
            position,
            endOffset,
            new Counts(position, position - 1, 1, 0, 0),
            position,
            Instant.now().minusSeconds(30),
            null,
            null,
            Instant.now());
    send(Topics.STATUS, key + "/" + partition, report);
  }

  public void send(String topic, String key, Object value) {
    try {
      producer.send(new ProducerRecord<>(topic, key, Json.STRICT.writeValueAsBytes(value))).get();
    } catch (JsonProcessingException | ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
