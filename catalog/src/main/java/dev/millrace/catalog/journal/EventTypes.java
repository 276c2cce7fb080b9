package dev.millrace.catalog.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.millrace.api.Json;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The events of one kind of object: the records that its sealed interface permits. */
final class EventTypes<E> {
  private final Map<String, Class<?>> byName;
  private final Class<E> root;

  EventTypes(Class<E> root) {
    this.root = root;
    this.byName =
        Arrays.stream(root.getPermittedSubclasses())
            .collect(Collectors.toMap(Class::getSimpleName, Function.identity()));
  }

  Journal.Fact fact(E event) {
    return new Journal.Fact(event.getClass().getSimpleName(), Json.STRICT.valueToTree(event));
  }

  E event(Entry entry) {
    Class<?> type = byName.get(entry.type());
    if (type == null) {
      throw new IllegalStateException(
          "the journal holds a "
              + entry.type()
              + " at "
              + entry.position()
              + ", which this version does not know: start the version that wrote it");
    }
    try {
      return root.cast(Json.LENIENT.treeToValue(entry.payload(), type));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "the journal's entry " + entry.position() + " cannot be read", e);
    }
  }
}
