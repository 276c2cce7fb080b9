package dev.millrace.provisioner.rehearsal;

import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
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

/**
 * Events of a shop, and plans over them for each engine. They are as varied as events are: at a
 * branch that was never taken the compiler bets that it never will be, and begins again when it is.
 */
final class RehearsedEvents {
  private static final int EVENTS = 11_000;
  private static final int MOST_IN_A_BATCH = 300;
  private static final String TOPIC = "rehearsal";

  private static final String SCHEMA =
      """
      {"type":"object","required":["id"],"properties":{
        "id":{"type":"integer"},"ref":{"type":"string"},"total":{"type":"number"},
        "paid":{"type":"boolean"},"status":{"type":"string"},
        "at":{"type":"string","format":"date-time"},"day":{"type":"string","format":"date"},
        "cart":{"type":"string","format":"uuid"},"points":{"type":"integer"},
        "customer":{"type":"object","properties":{"name":{"type":"string"}}},
        "note":{"type":"string"},"lines":{"type":"array","items":{"type":"object"}}}}
      """;

  private static final Map<String, String> COLUMNS = new LinkedHashMap<>();

  static {
    COLUMNS.put("id", "int64");
    COLUMNS.put("ref", "text");
    COLUMNS.put("total", "decimal(12,2)");
    COLUMNS.put("paid", "boolean");
    COLUMNS.put("status", "text");
    COLUMNS.put("at", "timestamp");
    COLUMNS.put("day", "date");
    COLUMNS.put("cart", "uuid");
    COLUMNS.put("points", "int32");
    COLUMNS.put("note", "text");
    COLUMNS.put("lines", "json");
  }

  private static final Header[] NONE = {};

  private static final PipelinePlan.Column TWICE =
      new PipelinePlan.Column("twice", null, "double(event.total) * 2.0", "float64", false, "None");

  private static final String[] STATES = {"new", "paid", "sent", "returned"};

  private static final String[] NOTES = {
    "",
    "gift",
    "b\u00fcro, 2. Stock",
    "\u4e2d\u6587 \u0434\u043b\u044f",
    "ok \ud83d\ude80 soon",
    "leave it at the door"
  };

  private static final String[] ESCAPED = {
    "a \\\"quote\\\"", "a\\ttab and a\\nline", "C:\\\\tmp", "caf\\u00e9 \\ud83d\\ude80", "a\\/b"
  };

  private final Map<String, MemoryRecords> logs = new HashMap<>();

  /**
   * One way through a worker.
   *
   * @param key the field whose text is the record key, and the row's key
   * @param filter null for every event
   */
  record Way(String engine, String key, String mode, boolean insertOnly, @Nullable String filter) {}

  /**
   * Filters are several, for each is a class of its own, and one that has seen few bets on them.
   */
  static List<Way> ways(String engine) {
    List<Way> ways = new ArrayList<>();
    ways.add(new Way(engine, "id", "Upsert", false, null));
    ways.add(
        new Way(
            engine,
            "ref",
            "Upsert",
            false,
            "event.id % 3 == 0 || (has(event.status) && event.status == 'returned')"));
    ways.add(new Way(engine, "id", "Upsert", true, "event.total >= 50000.0 && event.id > 100"));
    if (engine.equals("Postgres")) {
      ways.add(
          new Way(engine, "ref", "Append", false, "event.paid || event.ref.startsWith('r-9')"));
    }
    return ways;
  }

  static PipelinePlan plan(Way way) {
    ObjectKey name = new ObjectKey(TOPIC, TOPIC);
    boolean table = way.engine().equals("Postgres");
    try {
      return new PipelinePlan(
          name,
          TOPIC,
          1,
          List.of("cel"),
          "Running",
          new PipelinePlan.Source(
              name,
              TOPIC,
              TOPIC,
              TOPIC,
              1,
              Json.STRICT.readTree(SCHEMA),
              way.key(),
              way.insertOnly()),
          way.filter(),
          columns(way.mode().equals("Append") ? "" : way.key()),
          way.mode(),
          new PipelinePlan.Target(
              way.engine(),
              name,
              "localhost",
              1,
              "0",
              "disable",
              TOPIC,
              table ? new PipelinePlan.Table("public", TOPIC, List.of()) : null,
              table
                  ? null
                  : new PipelinePlan.Keys("Hash", "order:{" + way.key() + "}", "order:", null)),
          new PipelinePlan.ErrorPolicy("DeadLetter", null, null),
          Map.of(0, 0L),
          Map.of(0, 0L),
          null);
    } catch (IOException ours) {
      throw new UncheckedIOException(ours);
    }
  }

  private static List<PipelinePlan.Column> columns(String key) {
    List<PipelinePlan.Column> columns = new ArrayList<>();
    COLUMNS.forEach((name, type) ->
        columns.add(new PipelinePlan.Column(name, name, null, type, name.equals(key), "None")));
    columns.add(
        new PipelinePlan.Column("customer", "customer.name", null, "text", false, "Partial"));
    columns.add(TWICE);
    return columns;
  }

  /**
   * As a consumer reads them from what it fetched.
   *
   * @param key of the records: a field
   */
  List<ConsumerRecord<byte[], byte[]>> read(String key, BufferSupplier buffers) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(EVENTS);
    for (RecordBatch batch : logs.computeIfAbsent(key, RehearsedEvents::log).batches()) {
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
    byte @Nullable [] value = record.hasValue() ? Utils.toArray(record.value()) : null;
    return new ConsumerRecord<>(
        TOPIC,
        0,
        record.offset(),
        record.timestamp(),
        TimestampType.CREATE_TIME,
        key.length,
        value == null ? ConsumerRecord.NULL_SIZE : value.length,
        key,
        value,
        new RecordHeaders(record.headers()),
        Optional.of(0));
  }

  private static MemoryRecords log(String key) {
    Random random = new Random(1);
    ByteBuffer all = ByteBuffer.allocate(EVENTS * 900);
    for (int from = 0; from < EVENTS; ) {
      int to = Math.min(from + 1 + random.nextInt(MOST_IN_A_BATCH), EVENTS);
      MemoryRecordsBuilder batch =
          MemoryRecords.builder(all, Compression.NONE, TimestampType.CREATE_TIME, from);
      for (int id = from; id < to; id++) {
        String text = key.equals("ref") ? ref(id) : Integer.toString(id);
        byte @Nullable [] value = id % 50 == 49 ? null : bytes(event(id, random));
        Header[] headers =
            id % 20 == 0 ? new Header[] {new RecordHeader("by", bytes("shop"))} : NONE;
        batch.append(id * 7L, bytes(text), value, headers);
      }
      batch.close();
      all = batch.buffer();
      from = to;
    }
    all.flip();
    return MemoryRecords.readableRecords(all);
  }

  private static String ref(int id) {
    return "r-" + id * 37 % EVENTS;
  }

  private static String event(int id, Random random) {
    List<String> fields = new ArrayList<>();
    fields.add("\"id\":" + id);
    fields.add("\"ref\":\"" + ref(id) + '"');
    fields.add("\"total\":" + total(id, random));
    fields.add("\"paid\":" + random.nextBoolean());
    fields.add("\"at\":" + at(id));
    if (id % 10 != 3) {
      fields.add("\"status\":\"" + STATES[random.nextInt(STATES.length)] + '"');
      fields.add("\"day\":\"2026-11-%02d\"".formatted(1 + id % 28));
      fields.add("\"cart\":\"" + new UUID(random.nextLong(), random.nextLong()) + '"');
    }
    fields.add("\"points\":" + (id % 11 == 0 ? "null" : random.nextInt(2_000) - 1_000));
    fields.add("\"customer\":{\"name\":\"c%d\",\"since\":%d}".formatted(id, 2000 + id % 25));
    fields.add("\"note\":" + note(id, random));
    fields.add(
        "\"lines\":[{\"sku\":\"a-%d\",\"n\":%d}]"
            .formatted(random.nextInt(1_000), 1 + random.nextInt(5)));
    if (id % 25 == 0) {
      // Most producers write fields always in the same order, and some do not.
      Collections.shuffle(fields, random);
    }
    return id % 40 == 0
        ? "{ " + String.join(", ", fields).replace("\":", "\" : ") + "\n}"
        : "{" + String.join(",", fields) + "}";
  }

  private static String total(int id, Random random) {
    int cents = random.nextInt(10_000_000);
    return switch (id % 12) {
      case 0 -> Integer.toString(cents / 100);
      case 1 -> "-" + cents / 100 + ".5";
      case 2 -> "1.25e3";
      default -> "%d.%02d".formatted(cents / 100, cents % 100);
    };
  }

  private static String at(int id) {
    String second = "2026-11-24T10:%02d:%02d".formatted(id / 60 % 60, id % 60);
    return switch (id % 15) {
      case 0 -> Long.toString(1_795_700_000_000L + id);
      case 1 -> '"' + second + "Z\"";
      case 2 -> '"' + second + ".123456+02:00\"";
      default -> '"' + second + ".%03dZ\"".formatted(id % 1000);
    };
  }

  private static String note(int id, Random random) {
    if (id % 30 == 0) {
      return "null";
    }
    if (id % 9 == 0) {
      return '"' + ESCAPED[random.nextInt(ESCAPED.length)] + '"';
    }
    return '"' + NOTES[random.nextInt(NOTES.length)] + "x".repeat(id % 150) + '"';
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
