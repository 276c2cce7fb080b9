package dev.millrace.provisioner.rehearsal;

import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MemoryRecordsBuilder;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Events of a shop, as varied as events are, and plans over them for each engine. */
final class RehearsedEvents {
  private static final int EVENTS = 5_000;
  private static final int A_BATCH = 60;
  private static final String TOPIC = "rehearsal";

  private static final String SCHEMA =
      """
      {"type":"object","required":["id"],"properties":{
        "id":{"type":"integer"},"total":{"type":"number"},"paid":{"type":"boolean"},
        "status":{"type":"string"},"at":{"type":"string","format":"date-time"},
        "customer":{"type":"object","properties":{"name":{"type":"string"}}},
        "note":{"type":"string"},"lines":{"type":"array","items":{"type":"object"}}}}
      """;

  private static final List<PipelinePlan.Column> COLUMNS =
      List.of(
          new PipelinePlan.Column("id", "id", null, "int64", true, "None"),
          column("total", "decimal(12,2)"),
          column("paid", "boolean"),
          column("status", "text"),
          column("at", "timestamp"),
          column("note", "text"),
          column("lines", "json"),
          new PipelinePlan.Column(
              "twice", null, "double(event.total) * 2.0", "float64", false, "None"));

  private static final String[] STATES = {"new", "paid", "sent", "returned"};

  private final MemoryRecords log = log();

  private static PipelinePlan.Column column(String name, String type) {
    return new PipelinePlan.Column(name, name, null, type, false, "None");
  }

  /**
   * @param filter null for every event
   */
  static PipelinePlan plan(String engine, @Nullable String filter) {
    ObjectKey key = new ObjectKey(TOPIC, TOPIC);
    boolean table = engine.equals("Postgres");
    try {
      return new PipelinePlan(
          key,
          TOPIC,
          1,
          List.of("cel"),
          "Running",
          new PipelinePlan.Source(
              key, TOPIC, TOPIC, TOPIC, 1, Json.STRICT.readTree(SCHEMA), "id", false),
          filter,
          COLUMNS,
          "Upsert",
          new PipelinePlan.Target(
              engine,
              key,
              "localhost",
              1,
              "0",
              "disable",
              TOPIC,
              table ? new PipelinePlan.Table("public", TOPIC, List.of()) : null,
              table ? null : new PipelinePlan.Keys("Hash", "order:{id}", "order:", null)),
          new PipelinePlan.ErrorPolicy("DeadLetter", null, null),
          Map.of(0, 0L),
          Map.of(0, 0L),
          null);
    } catch (IOException ours) {
      throw new UncheckedIOException(ours);
    }
  }

  /** As a consumer reads them from what it fetched. */
  List<ConsumerRecord<byte[], byte[]>> read(BufferSupplier buffers) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(EVENTS);
    for (RecordBatch batch : log.batches()) {
      try (CloseableIterator<Record> each = batch.streamingIterator(buffers)) {
        while (each.hasNext()) {
          records.add(record(each.next()));
        }
      }
    }
    return records;
  }

  private static ConsumerRecord<byte[], byte[]> record(Record record) {
    byte[] key = Utils.toArray(record.key());
    byte[] value = Utils.toArray(record.value());
    return new ConsumerRecord<>(
        TOPIC,
        0,
        record.offset(),
        record.timestamp(),
        TimestampType.CREATE_TIME,
        key.length,
        value.length,
        key,
        value,
        new RecordHeaders(record.headers()),
        Optional.of(0));
  }

  private static MemoryRecords log() {
    Random random = new Random(1);
    ByteBuffer all = ByteBuffer.allocate(EVENTS * 600);
    for (int from = 0; from < EVENTS; from += A_BATCH) {
      MemoryRecordsBuilder batch =
          MemoryRecords.builder(all, Compression.NONE, TimestampType.CREATE_TIME, from);
      for (int i = from; i < Math.min(from + A_BATCH, EVENTS); i++) {
        batch.append(i * 7L, bytes(Integer.toString(i)), bytes(event(i, random)));
      }
      batch.close();
      all = batch.buffer();
    }
    all.flip();
    return MemoryRecords.readableRecords(all);
  }

  private static String event(int id, Random random) {
    return """
    {"id":%d,"total":%d.%02d,"paid":%b,"status":"%s","at":"2026-11-24T10:%02d:%02d.%03dZ",\
    "customer":{"name":"c%d","since":%d},"note":"%s","lines":[{"sku":"a-%d","n":%d}]}\
    """
        .formatted(
            id,
            random.nextInt(100_000),
            id % 100,
            random.nextBoolean(),
            STATES[random.nextInt(STATES.length)],
            id / 60 % 60,
            id % 60,
            id % 1000,
            random.nextInt(10_000),
            2000 + id % 25,
            id % 100 == 0 ? "a \\\"quote\\\", a\\ttab and é" : "x".repeat(id % 150),
            random.nextInt(1_000),
            1 + random.nextInt(5));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
