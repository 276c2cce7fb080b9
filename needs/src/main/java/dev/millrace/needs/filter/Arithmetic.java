package dev.millrace.needs.filter;

import java.util.function.LongBinaryOperator;

/** Sums and their like. What overflows has no value. */
final class Arithmetic {
  private Arithmetic() {}

  static Code.Int exact(Code.Int left, Code.Int right, LongBinaryOperator operator) {
    return event -> {
      long one = left.of(event);
      long other = right.of(event);
      try {
        return operator.applyAsLong(one, other);
      } catch (ArithmeticException e) {
        throw Undecided.HERE;
      }
    };
  }

  static Code.Int divide(Code.Int left, Code.Int right) {
    return event -> {
      long one = left.of(event);
      long other = right.of(event);
      if (other == 0 || (other == -1 && one == Long.MIN_VALUE)) {
        throw Undecided.HERE;
      }
      return one / other;
    };
  }

  static Code.Int modulo(Code.Int left, Code.Int right) {
    return event -> {
      long one = left.of(event);
      long other = right.of(event);
      if (other == 0) {
        throw Undecided.HERE;
      }
      return one % other;
    };
  }

  static Code.Int negate(Code.Int of) {
    return event -> {
      long number = of.of(event);
      if (number == Long.MIN_VALUE) {
        throw Undecided.HERE;
      }
      return -number;
    };
  }

  /** Towards zero, as a cast; beyond 63 bits there is no integer. */
  static Code.Int truncate(Code.Double of) {
    return event -> {
      double number = of.of(event);
      if (Math.getExponent(number) >= Long.SIZE - 1) {
        throw Undecided.HERE;
      }
      return (long) number;
    };
  }
}
