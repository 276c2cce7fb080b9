package dev.millrace.needs.schema;

import java.util.Map;
import java.util.Optional;

/** What values a field of an event has. */
public sealed interface FieldType {

  /** How a string is to be read. */
  enum Format {
    PLAIN,
    DATE_TIME,
    DATE,
    UUID
  }

  record Text(Format format) implements FieldType {}

  record Int() implements FieldType {}

  record Number() implements FieldType {}

  record Bool() implements FieldType {}

  /**
   * @param fields by name, in the order of the schema
   */
  record Obj(Map<String, Field> fields) implements FieldType {
    public Optional<Field> field(String name) {
      return Optional.ofNullable(fields.get(name));
    }
  }

  record Array(FieldType items) implements FieldType {}

  /** Anything: the schema does not say, or says it in a way that is not followed here. */
  record Any() implements FieldType {}

  /**
   * @param required every event has it, and not as null
   */
  record Field(String name, FieldType type, boolean required, String description) {}

  /** As a user would write it. */
  default String spelled() {
    return switch (this) {
      case Text text ->
          switch (text.format()) {
            case PLAIN -> "string";
            case DATE_TIME -> "timestamp";
            case DATE -> "date";
            case UUID -> "uuid";
          };
      case Int i -> "integer";
      case Number n -> "number";
      case Bool b -> "boolean";
      case Obj o -> "object";
      case Array array -> "list of " + array.items().spelled();
      case Any any -> "anything";
    };
  }
}
