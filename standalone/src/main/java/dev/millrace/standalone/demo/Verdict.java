package dev.millrace.standalone.demo;

import java.util.List;
import java.util.Locale;

/**
 * One store against what it must hold.
 *
 * @param different rows whose key is right and whose content is not
 * @param examples keys of a few rows that are wrong
 */
record Verdict(
    String subscription,
    long expected,
    long actual,
    long missing,
    long additional,
    long different,
    List<String> examples) {

  boolean isRight() {
    return missing == 0 && additional == 0 && different == 0 && expected == actual;
  }

  static String header() {
    return String.format(
        "  %-20s %12s %12s %9s %11s %10s  %s",
        "SUBSCRIPTION", "EXPECTED", "ACTUAL", "MISSING", "ADDITIONAL", "DIFFERENT", "VERDICT");
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "  %-20s %,12d %,12d %,9d %,11d %,10d  %s",
        subscription,
        expected,
        actual,
        missing,
        additional,
        different,
        isRight() ? "right" : "WRONG, such as " + String.join(", ", examples));
  }
}
