package dev.millrace.needs.schema;

import java.util.Optional;

/**
 * A field that is not what it was.
 *
 * @param path dotted; that of a list for what is in it
 * @param pointer into the schema
 * @param is empty when it is gone
 */
public record FieldChange(String path, String pointer, FieldType was, Optional<FieldType> is) {

  /** Whatever it was is a value of what it is. */
  public boolean isWidened() {
    return was instanceof FieldType.Int && is.orElse(null) instanceof FieldType.Number;
  }

  /** In words: what it was, and what it is. */
  public String spelled() {
    return "'"
        + path
        + "' was "
        + was.spelled()
        + is.map(type -> " and is " + type.spelled()).orElse(" and is gone");
  }
}
