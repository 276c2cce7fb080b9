package dev.millrace.provisioner;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.provisioner.correction.CorrectedTransform;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Events with a column of every type, and the ways in which they come broken. */
final class BrokenEvents {
  static final String SCHEMA =
      """
      {"type":"object","required":["id"],"properties":{
        "id":{"type":"integer"},"name":{"type":"string"},"total":{"type":"integer"},
        "large":{"type":"integer"},"price":{"type":"number"},"ratio":{"type":"number"},
        "paid":{"type":"boolean"},"day":{"type":"string","format":"date"},
        "at":{"type":"string","format":"date-time"},"code":{"type":"string","format":"uuid"},
        "lines":{"type":"array","items":{"type":"object","properties":{"sku":{"type":"string"}}}}}}
      """;

  /** The table has an index over name. */
  static final PipelinePlan.Column[] COLUMNS = {
    TestPlan.column("id", "int64", true),
    TestPlan.column("name", "text", false),
    TestPlan.column("total", "int32", false),
    TestPlan.column("large", "int64", false),
    TestPlan.column("price", "decimal(6,2)", false),
    TestPlan.column("ratio", "float64", false),
    TestPlan.column("paid", "boolean", false),
    TestPlan.column("day", "date", false),
    TestPlan.column("at", "timestamp", false),
    TestPlan.column("code", "uuid", false),
    TestPlan.column("lines", "json", false)
  };

  /** Also asks for a field, so that an event without it fails there. */
  static final String FILTER = "event.total >= 0";

  private static final AtomicLong ANOTHER = new AtomicLong(50_000);

  private BrokenEvents() {}

  /**
   * One way to be broken.
   *
   * @param key the record key; ID stands for the number
   * @param value the event in ISO 8859-1, so that bytes can be told that are no UTF-8
   * @param code the dead letter's
   * @param field the dead letter's; empty when the event as a whole is to blame
   */
  record Kind(@Nullable String key, String value, String code, String field) {
    /** The number that the record key is; empty when it is none, and is to be corrected too. */
    Optional<Long> recordKey(long id) {
      return Optional.ofNullable(key)
          .map(text -> text.replace("ID", Long.toString(id)))
          .filter(text -> text.matches("[1-9][0-9]{0,17}"))
          .map(Long::valueOf);
    }

    ProducerRecord<byte[], byte[]> record(String topic, int partition, long id) {
      String number = Long.toString(id);
      return new ProducerRecord<>(
          topic,
          partition,
          key == null ? null : key.replace("ID", number).getBytes(ISO_8859_1),
          value.replace("ID", number).getBytes(ISO_8859_1));
    }
  }

  /** In a table whose index over name takes 2,000 bytes. */
  static final Kind TOO_LONG_FOR_THE_INDEX =
      at("name", "\"" + "n".repeat(3000) + "\"", "OutOfRange");

  /** In every engine. */
  static final List<Kind> KINDS =
      List.of(
          whole("", "NotJson"),
          whole("{\"id\":ID,", "NotJson"),
          whole("{\"id\":ID,\"total\":1} {}", "NotJson"),
          whole("{'id':ID,'total':1}", "NotJson"),
          whole("{\"id\":ID,\"total\":1/*one*/}", "NotJson"),
          whole("{\"id\":ID,\"total\":NaN}", "NotJson"),
          whole("{\"id\":ID,\"total\":1,\"ratio\":-Infinity}", "NotJson"),
          whole("{\"id\":ID,\"total\":1,\"name\":\"\u00fc\"}", "NotJson"),
          whole("{\"id\":ID,\"total\":01}", "NotJson"),
          whole("[ID]", "NotObject"),
          whole("ID", "NotObject"),
          whole("\"ID\"", "NotObject"),
          whole("null", "NotObject"),
          whole("{\"id\":ID,\"total\":1,\"total\":2}", "DuplicateField"),
          whole(
              "{\"id\":ID,\"total\":1,\"lines\":[{\"sku\":\"a\",\"sku\":\"b\"}]}",
              "DuplicateField"),
          whole(
              "{\"id\":ID,\"total\":1,\"lines\":" + "[".repeat(3000) + "]".repeat(3000) + "}",
              "TooLarge"),
          whole("{\"id\":ID,\"total\":1" + "0".repeat(2000) + "}", "TooLarge"),
          new Kind(null, "{\"id\":ID,\"total\":1}", "KeyMissing", ""),
          new Kind("", "{\"id\":ID,\"total\":1}", "KeyUnreadable", ""),
          new Kind("0ID", "{\"id\":ID,\"total\":1}", "KeyUnreadable", ""),
          new Kind("ID\u00ff", "{\"id\":ID,\"total\":1}", "KeyUnreadable", ""),
          new Kind("1000000ID", "{\"id\":ID,\"total\":1}", "KeyMismatch", ""),
          new Kind(
              "99999999999999999999",
              "{\"id\":99999999999999999999,\"total\":1}",
              "OutOfRange",
              ""),
          whole("{\"total\":1}", "KeyMissing"),
          whole("{\"id\":null,\"total\":1}", "KeyMissing"),
          whole("{\"id\":\"ID\",\"total\":1}", "WrongType"),
          at("total", "3000000000", "OutOfRange"),
          at("total", "1.5", "FilterFailed"),
          at("large", "1.5", "WrongType"),
          at("large", "9223372036854775808", "OutOfRange"),
          at("large", "1e300", "OutOfRange"),
          at("large", "\"" + "x".repeat(4 << 20) + "\"", "WrongType"),
          at("large", "{\"a\":1}", "WrongType"),
          at("price", "12345.67", "OutOfRange"),
          at("price", "1e999999", "OutOfRange"),
          at("price", "\"much\"", "WrongType"),
          at("ratio", "1e400", "OutOfRange"),
          at("ratio", "true", "WrongType"),
          at("paid", "\"true\"", "WrongType"),
          at("paid", "1", "WrongType"),
          at("day", "\"2026-02-30\"", "WrongType"),
          at("day", "\"0000-01-01\"", "OutOfRange"),
          at("day", "20260101", "WrongType"),
          at("at", "\"yesterday\"", "WrongType"),
          at("at", "\"+12026-01-01T00:00:00Z\"", "OutOfRange"),
          at("at", "99999999999999999", "OutOfRange"),
          at("code", "\"1-2-3-4-5\"", "WrongType"),
          at("code", "\"zzzzzzzz-0000-0000-0000-000000000000\"", "WrongType"),
          at("name", "\"a\\u0000b\"", "ForbiddenCharacter"),
          at("name", "\"\\ud800\"", "ForbiddenCharacter"),
          at("lines", "[{\"sku\":\"\\u0000\"}]", "ForbiddenCharacter"),
          at("lines", "[1e5000]", "OutOfRange"),
          new Kind("ID", "{\"id\":ID,\"name\":\"no total\"}", "FilterFailed", "total"),
          new Kind("ID", "{\"id\":ID,\"total\":\"many\"}", "FilterFailed", "total"));

  /** Every column has a value. */
  static byte[] healthy(long id, String name, int total) {
    return ("{\"id\":%d,\"name\":\"%s\",\"total\":%d,\"large\":-9223372036854775808,\"price\":9999.99,"
            + "\"ratio\":1e308,\"paid\":true,\"day\":\"9999-12-31\",\"at\":\"0001-01-01T00:00:00Z\","
            + "\"code\":\"00000000-0000-0000-0000-%012d\",\"lines\":[{\"sku\":\"é\\\\\\\"\"}]}")
        .formatted(id, name, total, id)
        .getBytes(UTF_8);
  }

  /** One that nobody has, and whose events a producer would put into this partition. */
  static long anotherId(int partition, int partitions) {
    while (true) {
      long id = ANOTHER.incrementAndGet();
      if (CorrectedTransform.partition(Long.toString(id).getBytes(UTF_8), partitions)
          == partition) {
        return id;
      }
    }
  }

  private static Kind whole(String value, String code) {
    return new Kind("ID", value, code, "");
  }

  private static Kind at(String field, String value, String code) {
    String total = field.equals("total") ? "" : "\"total\":1,";
    return new Kind("ID", "{\"id\":ID," + total + "\"" + field + "\":" + value + "}", code, field);
  }
}
