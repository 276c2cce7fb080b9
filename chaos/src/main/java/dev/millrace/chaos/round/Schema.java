package dev.millrace.chaos.round;

import dev.millrace.chaos.load.Fields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a product's schema says of its events; only that changes, they have all from the first. */
final class Schema {
  private final Map<String, String> fields = new LinkedHashMap<>(Map.of(Fields.AMOUNT, "number"));
  private int added;

  /** Of the fields that it may or may not have, as columns of whoever takes every field. */
  List<Column> columns() {
    return fields.entrySet().stream()
        .map(each -> new Column(each.getKey(), each.getValue()))
        .toList();
  }

  /**
   * @return its name
   */
  String add() {
    String name = Fields.added(++added);
    fields.put(name, "integer");
    return name;
  }

  /** Whether there is nothing left to add in another round. */
  boolean isUsedUp() {
    return added + 2 > Fields.MOST_ADDED;
  }

  /** One that was added, and is an integer still. */
  Optional<String> integer() {
    return fields.entrySet().stream()
        .filter(each -> each.getValue().equals("integer"))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  void put(String name, String type) {
    fields.put(name, type);
  }

  /**
   * @return its type
   */
  String drop(String name) {
    return fields.remove(name);
  }

  String yaml() {
    StringBuilder yaml =
        new StringBuilder(
            """
            type: object
            required: [orderId, version, total, country]
            properties:
              orderId: {type: string}
              version: {type: integer}
              total: {type: number}
              country: {type: string}
            """);
    fields.forEach((name, type) -> yaml.append("  %s: {type: %s}\n".formatted(name, type)));
    return yaml.toString();
  }
}
