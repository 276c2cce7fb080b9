package dev.millrace.needs.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Expressions over {@link RandomOrders}: right by their types, senseless otherwise. */
public final class RandomExpressions {
  private static final String[] TEXTS = {
    "''",
    "'a'",
    "'DE'",
    "'FR'",
    "'o-1'",
    "'ann@example.com'",
    "'é€😀'",
    "'\\n'",
    "'true'",
    "'7'",
    "'vip'",
    "'\\u00e9\\n'",
    "'2026-11-24'"
  };
  private static final String[] INTEGERS = {
    "0",
    "1",
    "2",
    "3",
    "7",
    "100",
    "-1",
    "9223372036854775807",
    "-9223372036854775808",
    "9007199254740993"
  };
  private static final String[] DOUBLES = {
    "0.0",
    "1.0",
    "1.5",
    "-1.5",
    "0.1",
    "100.0",
    "1e3",
    "1e300",
    "9007199254740993.0",
    "9223372036854775807.0",
    "(0.0/0.0)",
    "(1.0/0.0)",
    "-0.0"
  };
  private static final String[] PATTERNS = {"'^o-[0-9]+$'", "'e.a'", "'[A-Z]{2}'", "''", "'\\\\d'"};
  private static final String[] TIMES = {
    "timestamp('2026-11-24T10:00:00Z')", "timestamp('2026-11-24T10:00:00.123Z')",
    "timestamp('0001-01-01T00:00:00Z')", "timestamp('2026-11-24T12:00:00+02:00')"
  };

  private final Random random;

  public RandomExpressions(Random random) {
    this.random = random;
  }

  public String filter() {
    return bool(1 + random.nextInt(4));
  }

  /** Of any type. */
  public String expression() {
    int depth = 1 + random.nextInt(4);
    return switch (random.nextInt(6)) {
      case 0 -> integer(depth);
      case 1 -> number(depth);
      case 2 -> text(depth);
      case 3 -> time(depth);
      case 4 -> random.nextInt(8) == 0 ? any() : bool(depth);
      default -> bool(depth);
    };
  }

  private String bool(int depth) {
    if (depth <= 0) {
      return one("event.paid", "event.open", "event.customer.vip", "true", "false", has());
    }
    int next = depth - 1;
    return switch (random.nextInt(22)) {
      case 0, 1, 2 -> "(" + bool(next) + " && " + bool(next) + ")";
      case 3, 4, 5 -> "(" + bool(next) + " || " + bool(next) + ")";
      case 6 -> "!" + "(" + bool(next) + ")";
      case 7 -> "(" + bool(next) + " ? " + bool(next) + " : " + bool(next) + ")";
      case 8, 9 -> "(" + integer(next) + order() + integer(next) + ")";
      case 10 -> "(" + number(next) + order() + number(next) + ")";
      case 11 -> "(" + integer(next) + order() + number(next) + ")";
      case 12 -> "(" + number(next) + order() + integer(next) + ")";
      case 13 -> "(" + text(next) + order() + text(next) + ")";
      case 14 -> "(" + time(next) + order() + time(next) + ")";
      case 15 -> equality(next);
      case 16 -> membership(next);
      case 17 -> text(next) + one(".startsWith(", ".endsWith(", ".contains(") + text(next) + ")";
      case 18 ->
          random.nextBoolean()
              ? text(next) + ".matches(" + one(PATTERNS) + ")"
              : "matches(" + text(next) + ", " + one(PATTERNS) + ")";
      case 19 -> has();
      case 20 -> "(" + bool(next) + order() + bool(next) + ")";
      default -> unusual(next);
    };
  }

  private String equality(int depth) {
    String operator = one(" == ", " != ");
    return switch (random.nextInt(7)) {
      case 0 -> "(" + integer(depth) + operator + integer(depth) + ")";
      case 1 -> "(" + number(depth) + operator + number(depth) + ")";
      case 2 -> "(" + text(depth) + operator + text(depth) + ")";
      case 3 -> "(" + time(depth) + operator + time(depth) + ")";
      case 4 -> "(" + bool(depth) + operator + bool(depth) + ")";
      case 5 -> "(" + any() + operator + one(integer(depth), number(depth), text(depth)) + ")";
      default -> "(" + one(any(), integer(depth), bool(depth)) + operator + any() + ")";
    };
  }

  private String membership(int depth) {
    return "(" + member(depth) + ")";
  }

  private String member(int depth) {
    return switch (random.nextInt(9)) {
      case 0 -> text(depth) + " in " + list(() -> one(TEXTS));
      case 1 -> text(depth) + " in " + list(() -> text(depth));
      case 2 -> text(depth) + " in event.tags";
      case 3 -> integer(depth) + " in " + list(() -> one(INTEGERS));
      case 4 -> integer(depth) + " in " + list(() -> integer(depth));
      case 5 -> integer(depth) + " in event.sizes";
      case 6 -> number(depth) + " in " + list(() -> number(depth));
      case 7 -> number(depth) + " in event.weights";
      default -> bool(depth) + " in " + list(() -> bool(depth));
    };
  }

  private String list(Supplier<String> element) {
    List<String> elements = new ArrayList<>();
    int count = random.nextInt(7);
    for (int i = 0; i < count; i++) {
      elements.add(element.get());
    }
    return "[" + String.join(", ", elements) + "]";
  }

  private String has() {
    return "has("
        + one(
            "event.name",
            "event.total",
            "event.count",
            "event.at",
            "event.customer",
            "event.tags",
            "event.extra",
            "event.customer.email",
            "event.customer.address",
            "event.customer.address.city")
        + ")";
  }

  /** What is not compiled, or was not when this was written. */
  private String unusual(int depth) {
    return switch (random.nextInt(8)) {
      case 0 -> "event.tags.exists(t, t == " + text(depth) + ")";
      case 1 -> "event.sizes.all(s, s > " + integer(depth) + ")";
      case 2 -> "(event.customer == null)";
      case 3 -> "(event.at.getFullYear() == 2026)";
      case 4 -> "(event.tags[0] == " + text(depth) + ")";
      case 5 -> "(dyn(event).nothing == 1)";
      case 6 -> "(event.extra < 5)";
      default -> "bool(" + text(depth) + ")";
    };
  }

  private String integer(int depth) {
    if (depth <= 0) {
      return random.nextBoolean()
          ? one(INTEGERS)
          : one("event.count", "event.stock", "event.customer.age");
    }
    int next = depth - 1;
    return switch (random.nextInt(9)) {
      case 0, 1 -> "(" + integer(next) + one(" + ", " - ", " * ") + integer(next) + ")";
      case 2 -> "(" + integer(next) + one(" / ", " % ") + integer(next) + ")";
      case 3 -> "-(" + integer(next) + ")";
      case 4 -> "size(" + text(next) + ")";
      case 5 -> one("size(event.tags)", "event.sizes.size()", "size(event.weights)");
      case 6 -> "int(" + one(number(next), integer(next)) + ")";
      case 7 -> "(" + bool(next) + " ? " + integer(next) + " : " + integer(next) + ")";
      default -> random.nextInt(4) == 0 ? "int(" + text(next) + ")" : integer(0);
    };
  }

  private String number(int depth) {
    if (depth <= 0) {
      return random.nextBoolean()
          ? one(DOUBLES)
          : one("event.total", "event.price", "event.customer.address.floor");
    }
    int next = depth - 1;
    return switch (random.nextInt(7)) {
      case 0, 1, 2 -> "(" + number(next) + one(" + ", " - ", " * ", " / ") + number(next) + ")";
      case 3 -> "-(" + number(next) + ")";
      case 4 -> "double(" + one(number(next), integer(next)) + ")";
      case 5 -> "(" + bool(next) + " ? " + number(next) + " : " + number(next) + ")";
      default -> number(0);
    };
  }

  private String text(int depth) {
    if (depth <= 0) {
      return random.nextBoolean()
          ? one(TEXTS)
          : one(
              "event.name",
              "event.country",
              "event.day",
              "event.customer.email",
              "event.customer.address.city");
    }
    int next = depth - 1;
    return switch (random.nextInt(6)) {
      case 0 -> "(" + text(next) + " + " + text(next) + ")";
      case 1 -> "(" + bool(next) + " ? " + text(next) + " : " + text(next) + ")";
      case 2 -> "string(" + one(text(next), integer(next), number(next), bool(next)) + ")";
      default -> text(0);
    };
  }

  private String time(int depth) {
    if (depth <= 0 || random.nextInt(6) > 0) {
      return random.nextBoolean() ? one(TIMES) : one("event.at", "event.until");
    }
    return one("timestamp(" + time(0) + ")", "timestamp(" + text(0) + ")");
  }

  private String any() {
    return one("event.extra", "event.other");
  }

  private String order() {
    return one(" < ", " <= ", " > ", " >= ");
  }

  private String one(String... among) {
    return among[random.nextInt(among.length)];
  }
}
