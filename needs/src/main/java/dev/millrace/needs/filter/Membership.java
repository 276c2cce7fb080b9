package dev.millrace.needs.filter;

import dev.cel.common.internal.ComparisonFunctions;
import dev.millrace.needs.event.IndexedEvent;
import java.util.List;
import java.util.Set;

/** {@code in}. */
final class Membership {
  /** Up to so many texts are compared one by one: that needs no String of the field. */
  private static final int FEW = 4;

  private Membership() {}

  static Code.Bool of(Code.Text text, Set<String> among) {
    return event -> among.contains(text.of(event));
  }

  static Code.Bool of(Field field, Set<String> among) {
    if (among.isEmpty() || among.size() > FEW) {
      return of((Code.Text) field::text, among);
    }
    Code.Bool[] each = among.stream().map(field::isText).toArray(Code.Bool[]::new);
    return event -> {
      for (Code.Bool one : each) {
        if (one.of(event)) {
          return true;
        }
      }
      return false;
    };
  }

  static Code.Bool of(Code.Int number, Set<Long> among) {
    return event -> among.contains(number.of(event));
  }

  /** As the reference looks: the same object first, then, for numbers, the same number. */
  static Code.Bool of(Code value, Code.Items items) {
    return event -> contains(items.of(event), value.value(event), event);
  }

  private static boolean contains(List<?> items, Object value, IndexedEvent event)
      throws Undecided {
    try {
      if (items.contains(value)) {
        return true;
      }
      if (value instanceof Number number) {
        for (Object each : items) {
          if (each instanceof Number other && ComparisonFunctions.numericEquals(other, number)) {
            return true;
          }
        }
      }
      return false;
    } catch (CelValues.TypeDiffers e) {
      throw Undecided.HERE;
    }
  }
}
