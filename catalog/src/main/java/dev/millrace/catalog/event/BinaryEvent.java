package dev.millrace.catalog.event;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.problem.Finding;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A CloudEvent whose attributes are HTTP headers and whose data is the body. */
final class BinaryEvent {
  private static final String PREFIX = "ce-";

  private BinaryEvent() {}

  static boolean isOne(Map<String, List<String>> headers) {
    return headers.keySet().stream().anyMatch(name -> name.regionMatches(true, 0, PREFIX, 0, 3));
  }

  static Incoming read(Map<String, List<String>> headers, byte[] body) throws EventRefused {
    Attributes attributes = new Attributes();
    headers.forEach((header, values) -> {
      String name = header.toLowerCase(Locale.ROOT);
      if (name.startsWith(PREFIX)) {
        values.forEach(value -> attribute(name.substring(PREFIX.length()), value, attributes));
      }
    });
    if (body.length == 0) {
      return new Incoming(attributes.withData(null), (JsonNode) null);
    }
    JsonNode data = data(body, attributes);
    return new Incoming(attributes.withData(body), data);
  }

  private static @Nullable JsonNode data(byte[] body, Attributes attributes) {
    try {
      return EventJson.read(body);
    } catch (IOException e) {
      Finding finding = EventJson.finding("/data", e);
      attributes.refuse(
          "data", finding.code(), finding.message(), String.valueOf(finding.remedy()));
      return null;
    }
  }

  private static void attribute(String name, String value, Attributes attributes) {
    try {
      // The URL decoder also takes + for a blank, which the HTTP binding does not.
      attributes.text(name, URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      attributes.refuse(
          name,
          "AttributeInvalid",
          "the header ce-" + name + " has a % that escapes nothing",
          "Write a percent sign as %25.");
    }
  }
}
