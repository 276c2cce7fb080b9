package dev.millrace.stores.postgres;

/**
 * Names and texts that come from people, made safe to stand in a statement. Used where a statement
 * takes no parameter; values of rows are always parameters.
 */
final class Quoting {
  private Quoting() {}

  static String identifier(String name) {
    refuseNul(name);
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  static String relation(String schema, String name) {
    return identifier(schema) + "." + identifier(name);
  }

  /** With E'' a backslash means the same whatever standard_conforming_strings says. */
  static String literal(String text) {
    refuseNul(text);
    String quoted = "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    return text.indexOf('\\') < 0 ? quoted : "E" + quoted;
  }

  private static void refuseNul(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "a name holds the character U+0000, which Postgres refuses");
    }
  }
}
