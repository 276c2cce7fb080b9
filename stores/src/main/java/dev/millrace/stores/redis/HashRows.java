package dev.millrace.stores.redis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.api.Json;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.column.UtcTime;
import dev.millrace.stores.Fingerprint;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A hash with one field for each column that is not null. */
final class HashRows implements RowFormat {
  private static final byte[] HSET = Requests.encoded("HSET");

  private final List<PipelinePlan.Column> columns;
  private final byte[][] names;
  private final byte[][] plainNames;

  HashRows(List<PipelinePlan.Column> columns) {
    this.columns = columns;
    this.names =
        columns.stream().map(column -> Requests.encoded(column.name())).toArray(byte[][]::new);
    this.plainNames =
        columns.stream()
            .map(column -> column.name().getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
  }

  @Override
  public String redisType() {
    return "hash";
  }

  /** A field that is null now would stay. */
  @Override
  public boolean replaces() {
    return false;
  }

  @Override
  public void write(Requests requests, byte[] key, @Nullable Object[] row, OptionalLong expires)
      throws IOException {
    int fields = 0;
    for (Object value : row) {
      fields += value == null ? 0 : 1;
    }
    requests.command(2 + 2 * fields);
    requests.ready(HSET);
    requests.word(key);
    for (int i = 0; i < row.length; i++) {
      Object value = row[i];
      if (value != null) {
        requests.ready(names[i]);
        requests.word(text(value));
      }
    }
    if (expires.isPresent()) {
      requests.command(3);
      requests.word("PEXPIREAT");
      requests.word(key);
      requests.word(Long.toString(expires.getAsLong()));
    }
  }

  /** As they are. */
  byte[][] plainNames() {
    return plainNames;
  }

  /** Numbers in plain digits, times, dates and UUIDs as ISO writes them, JSON compact. */
  static String text(Object value) {
    return switch (value) {
      case BigDecimal number -> number.toPlainString();
      case Instant time -> UtcTime.text(time);
      default -> value.toString();
    };
  }

  @Override
  public void request(Requests requests, byte[] key) throws IOException {
    requests.command(2);
    requests.word("HGETALL");
    requests.word(key);
  }

  @Override
  public Optional<ObjectNode> row(Reply reply) {
    Map<String, String> fields = reply.fields();
    if (fields.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    for (PipelinePlan.Column column : columns) {
      String text = fields.get(column.name());
      if (text != null) {
        row.set(column.name(), typed(column.type(), text));
      }
    }
    return Optional.of(row);
  }

  /** A value that somebody changed to what the column cannot hold is shown as the text it is. */
  private static JsonNode typed(String type, String text) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    try {
      return switch (type) {
        case "int32", "int64" -> nodes.numberNode(Long.parseLong(text));
        case "float64" -> nodes.numberNode(Double.parseDouble(text));
        case "boolean" -> nodes.booleanNode(Boolean.parseBoolean(text));
        case "json" -> Json.STRICT.readTree(text);
        default ->
            type.startsWith("decimal")
                ? nodes.numberNode(new BigDecimal(text))
                : nodes.textNode(text);
      };
    } catch (NumberFormatException | JsonProcessingException changed) {
      return nodes.textNode(text);
    }
  }

  @Override
  public void print(@Nullable Object[] row, Fingerprint fingerprint) {
    List<Field> fields = new ArrayList<>(row.length);
    for (int i = 0; i < row.length; i++) {
      Object value = row[i];
      if (value != null) {
        fields.add(new Field(plainNames[i], text(value).getBytes(StandardCharsets.UTF_8)));
      }
    }
    print(fields, fingerprint);
  }

  @Override
  public boolean print(Reply reply, Fingerprint fingerprint) {
    if (!(reply instanceof Reply.Items items)) {
      // Somebody put a value of another type there.
      fingerprint.nothing();
      return true;
    }
    List<Reply> all = items.all();
    List<Field> fields = new ArrayList<>(all.size() / 2);
    for (int i = 0; i + 1 < all.size(); i += 2) {
      fields.add(new Field(bytes(all.get(i)), bytes(all.get(i + 1))));
    }
    print(fields, fingerprint);
    return !fields.isEmpty();
  }

  private record Field(byte[] name, byte[] value) {}

  /** A hash has no order that counts. */
  private static void print(List<Field> fields, Fingerprint fingerprint) {
    fields.sort((a, b) -> Arrays.compareUnsigned(a.name(), b.name()));
    for (Field field : fields) {
      fingerprint.value(field.name()).value(field.value());
    }
  }

  private static byte[] bytes(Reply reply) {
    return reply instanceof Reply.Text text ? text.bytes() : new byte[0];
  }
}
