package dev.millrace.needs.filter;

import dev.cel.common.internal.ComparisonFunctions;
import java.util.Optional;

/** {@code < <= > >= == !=}, with the reference's meaning for each pair of types. */
final class Comparisons {
  private Comparisons() {}

  enum Order {
    LESS,
    LESS_EQUALS,
    GREATER,
    GREATER_EQUALS;

    /** The operator that begins an overload's id, such as {@code less_equals_int64_double}. */
    static Optional<Order> of(String overload) {
      return overload.startsWith("less_equals_")
          ? Optional.of(LESS_EQUALS)
          : overload.startsWith("less_")
              ? Optional.of(LESS)
              : overload.startsWith("greater_equals_")
                  ? Optional.of(GREATER_EQUALS)
                  : overload.startsWith("greater_") ? Optional.of(GREATER) : Optional.empty();
    }

    /** What follows the operator in it. */
    String operands(String overload) {
      return overload.substring(name().length() + 1);
    }

    boolean holds(int comparison) {
      return switch (this) {
        case LESS -> comparison < 0;
        case LESS_EQUALS -> comparison <= 0;
        case GREATER -> comparison > 0;
        case GREATER_EQUALS -> comparison >= 0;
      };
    }
  }

  static Code.Bool compare(Order order, Code.Int left, Code.Int right) {
    return switch (order) {
      case LESS -> event -> left.of(event) < right.of(event);
      case LESS_EQUALS -> event -> left.of(event) <= right.of(event);
      case GREATER -> event -> left.of(event) > right.of(event);
      case GREATER_EQUALS -> event -> left.of(event) >= right.of(event);
    };
  }

  /** No number is neither less nor more than any. */
  static Code.Bool compare(Order order, Code.Double left, Code.Double right) {
    return switch (order) {
      case LESS -> event -> left.of(event) < right.of(event);
      case LESS_EQUALS -> event -> left.of(event) <= right.of(event);
      case GREATER -> event -> left.of(event) > right.of(event);
      case GREATER_EQUALS -> event -> left.of(event) >= right.of(event);
    };
  }

  static Code.Bool compare(Order order, Code.Int left, Code.Double right) {
    return event ->
        order.holds(ComparisonFunctions.compareIntDouble(left.of(event), right.of(event)));
  }

  static Code.Bool compare(Order order, Code.Double left, Code.Int right) {
    return event ->
        order.holds(ComparisonFunctions.compareDoubleInt(left.of(event), right.of(event)));
  }

  static Code.Bool compare(Order order, Code.Text left, Code.Text right) {
    return event -> order.holds(left.of(event).compareTo(right.of(event)));
  }

  static Code.Bool compare(Order order, Code.Time left, Code.Time right) {
    return event -> order.holds(left.of(event).compareTo(right.of(event)));
  }

  static Code.Bool compare(Order order, Code.Bool left, Code.Bool right) {
    return event -> order.holds(Boolean.compare(left.of(event), right.of(event)));
  }

  static Code.Bool equal(Code.Int left, Code.Int right) {
    return event -> left.of(event) == right.of(event);
  }

  static Code.Bool equal(Code.Double left, Code.Double right) {
    return event -> left.of(event) == right.of(event);
  }

  static Code.Bool equal(Code.Bool left, Code.Bool right) {
    return event -> left.of(event) == right.of(event);
  }

  /** Texts and times. */
  static Code.Bool same(Code left, Code right) {
    return event -> left.value(event).equals(right.value(event));
  }

  /** Where only the event tells a type. */
  static Code.Bool equalAtLarge(Code left, Code right) {
    return event -> {
      Object one = left.value(event);
      Object other = right.value(event);
      return one instanceof Number number && other instanceof Number otherNumber
          ? ComparisonFunctions.numericEquals(number, otherNumber)
          : one.equals(other);
    };
  }
}
