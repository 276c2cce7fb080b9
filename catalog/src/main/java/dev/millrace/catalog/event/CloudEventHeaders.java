package dev.millrace.catalog.event;

import io.cloudevents.CloudEvent;
import io.cloudevents.SpecVersion;
import io.cloudevents.core.CloudEventUtils;
import io.cloudevents.rw.CloudEventContextWriter;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** A CloudEvent's attributes as record headers: the Kafka binding's binary content mode. */
final class CloudEventHeaders implements CloudEventContextWriter {
  private final Headers headers = new RecordHeaders();

  private CloudEventHeaders() {}

  static Headers of(CloudEvent event, boolean hasData) {
    CloudEventHeaders written = new CloudEventHeaders();
    written.add("ce_specversion", SpecVersion.V1.toString());
    CloudEventUtils.toContextReader(event).readContext(written);
    if (hasData && event.getDataContentType() == null) {
      written.add("content-type", "application/json");
    }
    return written.headers;
  }

  @Override
  public CloudEventContextWriter withContextAttribute(String name, String value) {
    add(name.equals("datacontenttype") ? "content-type" : "ce_" + name, value);
    return this;
  }

  private void add(String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
