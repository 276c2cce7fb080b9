package dev.millrace.catalog.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * An event as it lies in its topic.
 *
 * @param key null where whoever wrote it gave none
 * @param value null for a deletion; the beginning of its text when it is no JSON
 * @param error why it is no JSON
 */
record StoredEvent(
    int partition,
    long offset,
    Instant time,
    @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String key,
    @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable JsonNode value,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String error) {
  private static final int LONGEST_EXCERPT = 1_000;

  static StoredEvent of(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value();
    if (value == null) {
      return of(record, null, null);
    }
    try {
      return of(record, EventJson.read(value), null);
    } catch (IOException e) {
      return of(record, excerpt(value), EventJson.finding("", e).message());
    }
  }

  private static StoredEvent of(
      ConsumerRecord<byte[], byte[]> record, @Nullable JsonNode value, @Nullable String error) {
    return new StoredEvent(
        record.partition(),
        record.offset(),
        Instant.ofEpochMilli(Math.max(0, record.timestamp())),
        record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8),
        value,
        error);
  }

  private static JsonNode excerpt(byte[] value) {
    int length = Math.min(value.length, LONGEST_EXCERPT);
    return TextNode.valueOf(new String(value, 0, length, StandardCharsets.UTF_8));
  }
}
