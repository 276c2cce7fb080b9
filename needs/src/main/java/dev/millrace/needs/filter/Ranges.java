package dev.millrace.needs.filter;

import java.util.ArrayList;
import java.util.List;

/** Some numbers. */
record Ranges(List<Range> all) {
  Ranges {
    all = List.copyOf(all);
  }

  /** Both ends belong to it. */
  record Range(long from, long to) {}

  static Ranges of(long from, long to) {
    return new Ranges(from <= to ? List.of(new Range(from, to)) : List.of());
  }

  static Ranges one(long number) {
    return of(number, number);
  }

  static Ranges above(long number) {
    return number == Long.MAX_VALUE ? new Ranges(List.of()) : of(number + 1, Long.MAX_VALUE);
  }

  static Ranges below(long number) {
    return number == Long.MIN_VALUE ? new Ranges(List.of()) : of(Long.MIN_VALUE, number - 1);
  }

  Ranges and(Ranges other) {
    List<Range> both = new ArrayList<>();
    for (Range one : all) {
      for (Range another : other.all) {
        both.addAll(of(Math.max(one.from, another.from), Math.min(one.to, another.to)).all);
      }
    }
    return new Ranges(both);
  }

  Ranges or(Ranges other) {
    List<Range> either = new ArrayList<>(all);
    either.addAll(other.all);
    return new Ranges(either);
  }
}
