package dev.millrace.needs.column;

/**
 * The types a column can have, the same for every engine. Each names the Java class of its values;
 * an engine's package says how it stores them.
 */
public sealed interface ColumnType {

  /** {@link String} without U+0000. */
  record Text() implements ColumnType {}

  /** {@link Integer}. */
  record Int32() implements ColumnType {}

  /** {@link Long}. */
  record Int64() implements ColumnType {}

  /** {@link Double}, finite. */
  record Float64() implements ColumnType {}

  /**
   * {@link java.math.BigDecimal} of exactly this scale; more digits are rounded half up, as SQL
   * casts do.
   */
  record Decimal(int precision, int scale) implements ColumnType {
    public Decimal {
      if (precision < 1 || precision > 1000 || scale < 0 || scale > precision) {
        throw new IllegalArgumentException(
            "decimal("
                + precision
                + ","
                + scale
                + "): precision is 1 to 1000, scale 0 to precision");
      }
    }

    @Override
    public String toString() {
      return "decimal(" + precision + "," + scale + ")";
    }
  }

  /** {@link Boolean}. */
  record Bool() implements ColumnType {}

  /** {@link java.time.LocalDate}, years 1 to 9999. */
  record Date() implements ColumnType {}

  /** {@link java.time.Instant} in whole microseconds, years 1 to 9999. */
  record Timestamp() implements ColumnType {}

  /** {@link java.util.UUID}. */
  record Uuid() implements ColumnType {}

  /** {@link String} of compact JSON without U+0000. */
  record Json() implements ColumnType {}
}
