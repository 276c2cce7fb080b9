package dev.millrace.catalog.event;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.problem.Finding;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.needs.schema.EventSchema;
import dev.millrace.needs.schema.SchemaRejected;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What may enter one product's topic, compiled from one generation of the product. Safe to share
 * between threads.
 */
final class Admission {
  private final String topic;
  private final boolean insertOnly;
  private final RecordKey key;
  private final DataCheck check;

  private Admission(String topic, boolean insertOnly, RecordKey key, DataCheck check) {
    this.topic = topic;
    this.insertOnly = insertOnly;
    this.key = key;
    this.check = check;
  }

  /**
   * @param product as it was registered, so that key and schema are there and fit
   */
  static Admission to(String topic, DataProductSpec product) throws SchemaUnusable {
    JsonNode schema = Objects.requireNonNull(product.schema());
    String key = Objects.requireNonNull(product.key());
    try {
      return new Admission(
          topic,
          Boolean.TRUE.equals(product.insertOnly()),
          new RecordKey(key, EventSchema.of(schema).root().field(key).orElseThrow().type()),
          DataCheck.compile(schema));
    } catch (SchemaRejected e) {
      throw new SchemaUnusable(e);
    }
  }

  /** The record that says what the event says. */
  ProducerRecord<byte[], byte[]> admit(Incoming incoming) throws EventRefused, SchemaUnusable {
    CloudEvent event = incoming.event();
    try {
      return incoming.deletes() ? deletion(event) : upsert(event, incoming.parsed().orElse(null));
    } catch (EventRefused e) {
      throw new EventRefused(event.getId(), e.findings());
    }
  }

  private ProducerRecord<byte[], byte[]> deletion(CloudEvent event) throws EventRefused {
    if (insertOnly) {
      throw refused(
          "/type",
          "DeletionRefused",
          "the product takes each key once and no deletions (insertOnly)",
          "Publish to a product without insertOnly, or leave the event out.");
    }
    return record(event, key.ofSubject(event.getSubject()), null);
  }

  private ProducerRecord<byte[], byte[]> upsert(CloudEvent event, @Nullable JsonNode data)
      throws EventRefused, SchemaUnusable {
    CloudEventData bytes = event.getData();
    if (data == null || bytes == null) {
      throw refused(
          "/data",
          "Missing",
          "the event has no data",
          "Send the event as data; to delete a key, set millracedelete to true.");
    }
    refuseOtherThanJson(event.getDataContentType());
    if (!data.isObject()) {
      throw refused(
          "/data",
          "NotObject",
          "the event's data is no JSON object",
          "Send {\"field\": value, …}.");
    }
    List<Finding> findings = check.check(data);
    if (!findings.isEmpty()) {
      throw new EventRefused(null, findings);
    }
    return record(event, key.of(data), bytes.toBytes());
  }

  private static void refuseOtherThanJson(@Nullable String contentType) throws EventRefused {
    if (contentType != null && !MediaTypes.isJson(contentType)) {
      throw refused(
          "/datacontenttype",
          "DataNotJson",
          "only data in JSON is taken",
          "Set datacontenttype to application/json, or leave it out.");
    }
  }

  private ProducerRecord<byte[], byte[]> record(
      CloudEvent event, byte[] recordKey, byte @Nullable [] value) {
    return new ProducerRecord<>(
        topic, null, recordKey, value, CloudEventHeaders.of(event, value != null));
  }

  private static EventRefused refused(String pointer, String code, String message, String remedy) {
    return new EventRefused(null, new Finding(pointer, code, message, remedy));
  }
}
