package dev.millrace.needs.column;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Month;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/**
 * The most usual spelling of a time, {@code 2026-11-24T10:00:00Z} with or without a fraction, read
 * and written without a formatter: that took a quarter of a preload. Whatever looks otherwise is
 * left to the formatter.
 */
public final class UtcTime {
  private static final int SECONDS_END = 19;
  private static final int MOST_FRACTION_DIGITS = 9;
  private static final long[] NANOS_OF_DIGIT = {
    1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1
  };

  private static final long SECONDS_OF_DAY = 86_400;
  private static final long LAST_YEARS_END = 253_402_300_800L;
  private static final long YEAR_ZERO = -62_167_219_200L;

  private UtcTime() {}

  /** Null when it is not of this form or no time at all. */
  public static @Nullable Instant parse(String text) {
    int last = text.length() - 1;
    if (last < SECONDS_END || text.charAt(last) != 'Z' || !isPunctuated(text)) {
      return null;
    }
    int year = number(text, 0, 4);
    int month = number(text, 5, 7);
    int day = number(text, 8, 10);
    int second = second(text);
    int nanos = last == SECONDS_END ? 0 : nanos(text, last);
    if (second < 0 || nanos < 0 || !isDate(year, month, day)) {
      return null;
    }
    return Instant.ofEpochSecond(
        LocalDate.of(year, month, day).toEpochDay() * 86_400 + second, nanos);
  }

  /** What {@link Instant#toString} says: no digits of a fraction, three, six or nine. */
  public static String text(Instant instant) {
    long second = instant.getEpochSecond();
    if (second < YEAR_ZERO || second >= LAST_YEARS_END) {
      return instant.toString();
    }
    byte[] text = "0000-00-00T00:00:00.000000000Z".getBytes(StandardCharsets.ISO_8859_1);
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(second, SECONDS_OF_DAY));
    int ofDay = (int) Math.floorMod(second, SECONDS_OF_DAY);
    digits(text, 4, date.getYear());
    digits(text, 7, date.getMonthValue());
    digits(text, 10, date.getDayOfMonth());
    digits(text, 13, ofDay / 3600);
    digits(text, 16, ofDay / 60 % 60);
    digits(text, SECONDS_END, ofDay % 60);
    int end = SECONDS_END;
    int fraction = instant.getNano();
    if (fraction > 0) {
      int shown = fraction % 1_000_000 == 0 ? 3 : fraction % 1_000 == 0 ? 6 : 9;
      end = SECONDS_END + 1 + shown;
      digits(text, end, (int) (fraction / NANOS_OF_DIGIT[shown]));
    }
    text[end] = 'Z';
    return new String(text, 0, end + 1, StandardCharsets.ISO_8859_1);
  }

  /** Before a place, as many as there are; the zeros are there. */
  private static void digits(byte[] text, int end, int number) {
    for (int at = end - 1, left = number; left > 0; at--, left /= 10) {
      text[at] = (byte) ('0' + left % 10);
    }
  }

  private static boolean isPunctuated(String text) {
    return text.charAt(4) == '-'
        && text.charAt(7) == '-'
        && text.charAt(10) == 'T'
        && text.charAt(13) == ':'
        && text.charAt(16) == ':';
  }

  private static boolean isDate(int year, int month, int day) {
    return year >= 0
        && month >= Month.JANUARY.getValue()
        && month <= Month.DECEMBER.getValue()
        && day >= 1
        && (day <= 28 || day <= YearMonth.of(year, month).lengthOfMonth());
  }

  /** Of the day; negative when it is none. */
  private static int second(String text) {
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    int second = number(text, 17, SECONDS_END);
    boolean right = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second < 60;
    return right && second >= 0 ? hour * 3600 + minute * 60 + second : -1;
  }

  /** Negative when it is no fraction. */
  private static int nanos(String text, int end) {
    int digits = end - SECONDS_END - 1;
    if (text.charAt(SECONDS_END) != '.' || digits < 1 || digits > MOST_FRACTION_DIGITS) {
      return -1;
    }
    int fraction = number(text, SECONDS_END + 1, end);
    return fraction < 0 ? -1 : (int) (fraction * NANOS_OF_DIGIT[digits]);
  }

  /** Negative when there is anything but digits. */
  private static int number(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }
}
