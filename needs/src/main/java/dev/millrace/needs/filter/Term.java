package dev.millrace.needs.filter;

/**
 * A part of an expression that has a number for each event: a field's value, {@code auction % 125},
 * what a text begins with. Filters that compare the same with constants of their own share it.
 *
 * @param name tells terms apart: of two that are called alike, the code is alike
 * @param number the same for values that are the same; where a range is asked for, in their order
 */
record Term(String name, Code.Int number) {

  @Override
  public boolean equals(Object other) {
    return other instanceof Term that && name.equals(that.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }
}
