package dev.millrace.needs.access;

import java.util.List;

/** Masks by how much they hide. */
final class Masking {
  static final String NONE = "None";

  /** Partial shows a letter and an address' domain, Hash who is the same, Redact nothing. */
  private static final List<String> BY_STRENGTH = List.of(NONE, "Partial", "Hash", "Redact");

  private Masking() {}

  /** One that nobody knows hides all. */
  private static int strength(String mask) {
    int at = BY_STRENGTH.indexOf(mask);
    return at < 0 ? BY_STRENGTH.size() : at;
  }

  static String stronger(String one, String other) {
    return strength(one) >= strength(other) ? one : other;
  }

  static String weaker(String one, String other) {
    return strength(one) <= strength(other) ? one : other;
  }

  static boolean hidesAsMuch(String mask, String as) {
    return strength(mask) >= strength(as);
  }
}
