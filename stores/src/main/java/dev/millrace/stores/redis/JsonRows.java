package dev.millrace.stores.redis;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.api.Json;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.column.UtcTime;
import dev.millrace.stores.Fingerprint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A string of compact JSON: every column a member, null too, so that the shape stays. */
final class JsonRows implements RowFormat {
  private static final byte[] SET = Requests.encoded("SET");

  private final List<PipelinePlan.Column> columns;

  JsonRows(List<PipelinePlan.Column> columns) {
    this.columns = columns;
  }

  @Override
  public String redisType() {
    return "string";
  }

  /** SET takes the place of a value of any type, and ends its expiry. */
  @Override
  public boolean replaces() {
    return true;
  }

  @Override
  public void write(Requests requests, byte[] key, @Nullable Object[] row, OptionalLong expires)
      throws IOException {
    requests.command(3);
    requests.ready(SET);
    requests.word(key);
    requests.word(json(row));
    if (expires.isPresent()) {
      requests.command(3);
      requests.word("PEXPIREAT");
      requests.word(key);
      requests.word(Long.toString(expires.getAsLong()));
    }
  }

  private byte[] json(@Nullable Object[] row) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = Json.STRICT.getFactory().createGenerator(bytes)) {
      json.writeStartObject();
      for (int i = 0; i < row.length; i++) {
        json.writeFieldName(columns.get(i).name());
        value(json, columns.get(i).type(), row[i]);
      }
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void value(JsonGenerator json, String type, @Nullable Object value)
      throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case Boolean truth -> json.writeBoolean(truth);
      case BigDecimal number -> json.writeNumber(number.toPlainString());
      case Number number -> json.writeNumber(number.toString());
      case String text when type.equals("json") -> json.writeRawValue(text);
      case Instant time -> json.writeString(UtcTime.text(time));
      default -> json.writeString(value.toString());
    }
  }

  @Override
  public void request(Requests requests, byte[] key) throws IOException {
    requests.command(2);
    requests.word("GET");
    requests.word(key);
  }

  /** A value that somebody changed to what is no object is shown as a row without columns. */
  @Override
  public Optional<ObjectNode> row(Reply reply) {
    if (!(reply instanceof Reply.Text text)) {
      return Optional.empty();
    }
    try {
      return Json.STRICT.readTree(text.toString()) instanceof ObjectNode row
          ? Optional.of(row)
          : Optional.of(Json.STRICT.createObjectNode());
    } catch (JsonProcessingException changed) {
      return Optional.of(Json.STRICT.createObjectNode());
    }
  }

  @Override
  public void print(@Nullable Object[] row, Fingerprint fingerprint) throws IOException {
    fingerprint.value(json(row));
  }

  @Override
  public boolean print(Reply reply, Fingerprint fingerprint) {
    switch (reply) {
      case Reply.Text text -> fingerprint.value(text.bytes());
      case Reply.Nil nothing -> {
        return false;
      }
      // Somebody put a value of another type there.
      default -> fingerprint.nothing();
    }
    return true;
  }
}
