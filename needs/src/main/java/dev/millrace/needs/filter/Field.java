package dev.millrace.needs.filter;

import dev.millrace.needs.event.FieldPath;
import dev.millrace.needs.event.IndexedEvent;
import dev.millrace.needs.schema.FieldType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * A field of the event as compiled code reads it. The usual spellings are read from the bytes;
 * whatever is unusual goes the way of the reference, through {@link CelValues}.
 */
record Field(FieldPath path, FieldType type) {

  /** A field that is null counts as absent. */
  boolean isPresent(IndexedEvent event) {
    int field = event.find(path);
    return field >= 0 && !event.isNull(field);
  }

  int in(IndexedEvent event) throws Undecided {
    int field = event.find(path);
    if (field < 0 || event.isNull(field)) {
      throw Undecided.HERE;
    }
    return field;
  }

  boolean bool(IndexedEvent event) throws Undecided {
    int field = in(event);
    if (!event.isBoolean(field)) {
      throw Undecided.HERE;
    }
    return event.isTrue(field);
  }

  long integer(IndexedEvent event) throws Undecided {
    int field = in(event);
    return event.isShortInteger(field) ? event.integer(field) : (Long) slowly(event, field);
  }

  double number(IndexedEvent event) throws Undecided {
    int field = in(event);
    if (!event.isNumber(field)) {
      throw Undecided.HERE;
    }
    return event.number(field);
  }

  String text(IndexedEvent event) throws Undecided {
    return event.text(textIn(event));
  }

  private int textIn(IndexedEvent event) throws Undecided {
    int field = in(event);
    if (!event.isText(field)) {
      throw Undecided.HERE;
    }
    return field;
  }

  Instant time(IndexedEvent event) throws Undecided {
    return (Instant) slowly(event, in(event));
  }

  List<?> items(IndexedEvent event) throws Undecided {
    return (List<?>) slowly(event, in(event));
  }

  /** Of the type that the event says; only what is no object and no list. */
  Object scalar(IndexedEvent event) throws Undecided {
    int field = in(event);
    Object value = slowly(event, field);
    if (value instanceof List || value instanceof java.util.Map) {
      throw Undecided.HERE;
    }
    return value;
  }

  private Object slowly(IndexedEvent event, int field) throws Undecided {
    try {
      return CelValues.of(event.node(field), type, "");
    } catch (CelValues.TypeDiffers e) {
      throw Undecided.HERE;
    }
  }

  /** Comparing bytes is comparing characters, for a text without escapes. */
  Code.Bool isText(String wanted) {
    byte[] utf8 = wanted.getBytes(StandardCharsets.UTF_8);
    return event -> {
      int field = textIn(event);
      return event.isPlainText(field)
          ? event.textEquals(field, utf8)
          : event.text(field).equals(wanted);
    };
  }

  Code.Bool startsWith(String prefix) {
    byte[] utf8 = prefix.getBytes(StandardCharsets.UTF_8);
    return event -> {
      int field = textIn(event);
      return event.isPlainText(field)
          ? event.textStartsWith(field, utf8)
          : event.text(field).startsWith(prefix);
    };
  }

  Code.Bool endsWith(String suffix) {
    byte[] utf8 = suffix.getBytes(StandardCharsets.UTF_8);
    return event -> {
      int field = textIn(event);
      return event.isPlainText(field)
          ? event.textEndsWith(field, utf8)
          : event.text(field).endsWith(suffix);
    };
  }
}
