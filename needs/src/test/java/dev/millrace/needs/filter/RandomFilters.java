package dev.millrace.needs.filter;

import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Filters over {@link RandomOrders} as people write them: fields compared with constants. */
public final class RandomFilters {
  private static final String[] TEXTS = {
    "''", "'a'", "'DE'", "'FR'", "'o-1'", "'o-12'", "'ann@example.com'", "'é€😀'", "'7'", "'vip'"
  };
  private static final String[] INTEGERS = {
    "0",
    "1",
    "2",
    "3",
    "-1",
    "7",
    "100",
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808"
  };
  private static final String[] DOUBLES = {
    "0.0",
    "-0.0",
    "1.0",
    "0.1",
    "1.5",
    "-1.5",
    "100.0",
    "1e300",
    "9007199254740993.0",
    "9223372036854775808.0",
    "-9223372036854775808.0"
  };
  private static final String[] TIMES = {
    "timestamp('2026-11-24T10:00:00Z')", "timestamp('2026-11-24T10:00:00.123Z')",
    "timestamp('0001-01-01T00:00:00Z')", "timestamp('9999-12-31T23:59:59.999999999Z')"
  };

  private final Random random;

  public RandomFilters(Random random) {
    this.random = random;
  }

  public String filter() {
    return filter(random.nextInt(4));
  }

  private String filter(int depth) {
    if (depth == 0) {
      return one();
    }
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> "(" + filter(depth - 1) + " && " + filter(depth - 1) + ")";
      case 3, 4 -> "(" + filter(depth - 1) + " || " + filter(depth - 1) + ")";
      case 5 -> "!(" + filter(depth - 1) + ")";
      default -> one();
    };
  }

  private String one() {
    return switch (random.nextInt(14)) {
      case 0, 1 -> compared(text(), any(" == ", " != ", " < ", " <= ", " > ", " >= "), any(TEXTS));
      case 2, 3 -> compared(integer(), operator(), any(any(INTEGERS), any(INTEGERS)));
      case 4 -> compared(number(), operator(), any(DOUBLES));
      case 5 -> compared(integer(), order(), any(DOUBLES));
      case 6 -> compared(number(), order(), any(INTEGERS));
      case 7 -> compared(any("event.at", "event.until"), operator(), any(TIMES));
      case 8 -> text() + " in " + list(() -> any(TEXTS));
      case 9 -> integer() + " in " + list(() -> any(INTEGERS));
      case 10 -> number() + " in " + list(() -> any(DOUBLES));
      case 11 -> text() + any(".startsWith(", ".endsWith(") + any(TEXTS) + ")";
      case 12 ->
          "has("
              + any("event.count", "event.customer", "event.customer.email", "event.extra")
              + ")";
      default ->
          any(
              "event.paid",
              "event.customer.vip",
              "event.paid == true",
              "event.extra == 1",
              "event.tags.exists(t, t == 'vip')",
              "event.country == event.name");
    };
  }

  private String compared(String value, String operator, String constant) {
    return random.nextInt(4) > 0
        ? "(" + value + operator + constant + ")"
        : "(" + constant + operator + value + ")";
  }

  private String text() {
    return any(
        "event.name", "event.country", "event.customer.email", "event.customer.address.city");
  }

  private String integer() {
    return any(
        "event.count", "event.stock", "event.customer.age", "event.stock % 3", "size(event.name)");
  }

  private String number() {
    return any(
        "event.total", "event.price", "event.customer.address.floor", "event.total * event.price");
  }

  private String operator() {
    return any(" == ", " != ", " < ", " <= ", " > ", " >= ");
  }

  private String order() {
    return any(" < ", " <= ", " > ", " >= ");
  }

  private String list(Supplier<String> element) {
    return Stream.generate(element)
        .limit(random.nextInt(6))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private String any(String... among) {
    return among[random.nextInt(among.length)];
  }
}
