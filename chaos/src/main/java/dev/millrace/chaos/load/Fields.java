package dev.millrace.chaos.load;

import java.math.BigDecimal;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that events carry from the first one on, beside what each row shows. A product's schema
 * has them sooner or later, so whoever reads an event by the wrong schema is found out. Each
 * follows from the event's number.
 */
public final class Fields {
  /** In the schema from the beginning. Nine of ten have three digits before the point. */
  public static final String AMOUNT = "amount";

  /** How many may be added to a schema, one after the other. */
  public static final int MOST_ADDED = 12;

  private static final String ADDED = "added";

  /** Some events lack some fields. */
  private static final int LACKED_BY_ONE_OF = 8;

  private static final int DECIMALS = 2;

  private Fields() {}

  /**
   * @param number from 1
   */
  public static String added(int number) {
    return ADDED + number;
  }

  /**
   * What an event has there; an amount in hundredths.
   *
   * @return null for an event that lacks it
   */
  public static @Nullable Long value(String field, long event) {
    if (field.equals(AMOUNT)) {
      return amount(event);
    }
    int number = Integer.parseInt(field.substring(ADDED.length()));
    return (event + number) % LACKED_BY_ONE_OF == 0 ? null : event * 31 + number;
  }

  /** Quarters, so that sums are exact in binary too. */
  private static long amount(long event) {
    Random random = new Random(event * 0x9E3779B97F4A7C15L);
    int chance = random.nextInt(100);
    int digits = chance < 90 ? 3 : chance < 94 ? 4 : chance < 97 ? 5 : chance < 99 ? 6 : 7;
    return random.nextInt((int) Math.pow(10, digits)) * 100L + random.nextInt(4) * 25L;
  }

  /** Whether a column takes a value that has so many digits before the point. */
  public static boolean fits(String field, long value, int digits) {
    return BigDecimal.valueOf(value, scale(field)).abs().compareTo(BigDecimal.TEN.pow(digits)) < 0;
  }

  /** From what a store has in a column to the number that {@link #value} gives. */
  public static long read(String column, BigDecimal value) {
    return value.movePointRight(scale(column)).longValueExact();
  }

  private static int scale(String field) {
    return field.equals(AMOUNT) ? DECIMALS : 0;
  }

  /** All that an event has, as members of its document, each behind a comma. */
  static String json(long event) {
    StringBuilder json = new StringBuilder();
    append(json, AMOUNT, event);
    for (int i = 1; i <= MOST_ADDED; i++) {
      append(json, added(i), event);
    }
    return json.toString();
  }

  private static void append(StringBuilder json, String field, long event) {
    Long value = value(field, event);
    if (value != null) {
      json.append(",\"").append(field).append("\":");
      json.append(BigDecimal.valueOf(value, scale(field)));
    }
  }
}
