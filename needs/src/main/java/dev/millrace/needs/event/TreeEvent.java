package dev.millrace.needs.event;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** An event that {@link Scanner} leaves alone: it is large, or spelt in an unusual way. */
record TreeEvent(JsonNode tree) implements Event {

  @Override
  public @Nullable JsonNode at(FieldPath path) {
    JsonNode at = tree;
    for (FieldPath.Name name : path.names) {
      at = at.get(name.text);
      if (at == null) {
        return null;
      }
    }
    return at;
  }
}
