package dev.millrace.stores.redis;

/** The patterns of SCAN and of ACL rules. */
final class Glob {
  private Glob() {}

  /** Matches what begins with this very text. */
  static String beginningWith(String literal) {
    return literal.replaceAll("[\\\\*?\\[\\]^]", "\\\\$0") + "*";
  }
}
