package dev.millrace.needs.event;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** A JSON object that is known to be well formed. */
public sealed interface Event permits IndexedEvent, TreeEvent {

  /**
   * @return null when it is absent; JSON's null is a node
   */
  @Nullable JsonNode at(FieldPath path);

  /** All of it, parsed; anew each time. */
  JsonNode tree();
}
