package dev.millrace.catalog.event;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloudevents.CloudEvent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One CloudEvent that is well formed.
 *
 * @param event its data are the bytes as they were sent
 * @param parsed the same data, parsed; absent when there is none
 */
record Incoming(CloudEvent event, Optional<JsonNode> parsed) {
  private static final String DELETE = "millracedelete";

  Incoming(CloudEvent event, @Nullable JsonNode parsed) {
    this(event, Optional.ofNullable(parsed));
  }

  boolean deletes() {
    return event.getType().endsWith(".deleted") || isTrue(event.getExtension(DELETE));
  }

  /** Headers can only carry text. */
  private static boolean isTrue(@Nullable Object value) {
    return value != null && value.toString().equals("true");
  }
}
