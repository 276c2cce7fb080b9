package dev.millrace.stores.postgres;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * An array as Postgres reads it from text, so that one parameter carries a column of any type and
 * any number of rows.
 */
final class ArrayLiteral {
  private final StringBuilder text = new StringBuilder("{");

  ArrayLiteral add(@Nullable Object value) {
    if (text.length() > 1) {
      text.append(',');
    }
    switch (value) {
      case null -> text.append("NULL");
      case Integer number -> text.append(number.intValue());
      case Long number -> text.append(number.longValue());
      case Boolean truth -> text.append(truth.booleanValue());
      case BigDecimal number -> text.append(number.toPlainString());
      default -> quoted(value.toString());
    }
    return this;
  }

  private void quoted(String value) {
    text.append('"');
    int from = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append(value, from, i).append('\\');
        from = i;
      }
    }
    text.append(value, from, value.length()).append('"');
  }

  @Override
  public String toString() {
    return text + "}";
  }
}
