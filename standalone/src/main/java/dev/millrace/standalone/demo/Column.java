package dev.millrace.standalone.demo;

/**
 * A column of an expectation.
 *
 * @param type as DuckDB spells it
 */
record Column(String name, String type) {

  String quoted() {
    return '"' + name + '"';
  }

  boolean isTimestamp() {
    return type.equals("TIMESTAMP");
  }
}
