package dev.millrace.chaos.round;

import dev.millrace.chaos.load.Load;
import dev.millrace.chaos.load.Row;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription asks for that may change while it runs; then what it holds is built anew, or
 * altered where it is.
 *
 * @param least the smallest total that its filter lets pass; null for no filter
 * @param every whether it takes every field, as long as it asks for no column beside those
 * @param precision of the decimal column that it has of the amount; null when it asks for none
 * @param again whether it has one column more, the version a second time
 * @param token asks for the same once more when it is another one; null for none
 * @param onSchemaChange null for what is so when nothing is said
 */
public record Variant(
    @Nullable Integer least,
    boolean every,
    @Nullable Integer precision,
    boolean again,
    @Nullable String token,
    @Nullable String onSchemaChange) {

  static Variant first(@Nullable Integer least, boolean every) {
    return new Variant(least, every, null, false, null, null);
  }

  public Variant withLeast(int another) {
    return new Variant(another, every, precision, again, token, onSchemaChange);
  }

  public Variant reshaped() {
    return new Variant(least, every, precision, !again, token, onSchemaChange);
  }

  public Variant withToken(String another) {
    return new Variant(least, every, precision, again, another, onSchemaChange);
  }

  /** With no list of fields, so that new ones come as well. */
  public Variant withEvery() {
    return new Variant(least, true, null, false, token, onSchemaChange);
  }

  /** With the fields that every row shows. */
  public Variant withFew() {
    return new Variant(least, false, null, false, token, onSchemaChange);
  }

  /** With a column of the amount, which some amounts may be too large for. */
  public Variant withPrecision(int digits) {
    return new Variant(least, false, digits, false, token, onSchemaChange);
  }

  public Variant onSchemaChange(@Nullable String policy) {
    return new Variant(least, every, precision, again, token, policy);
  }

  public boolean takesEvery() {
    return every && !again && precision == null;
  }

  boolean passes(Row row) {
    return least == null || row.total().compareTo(BigDecimal.valueOf(least)) >= 0;
  }

  /** Beside those that every row shows, as what is built anew by it has them. */
  List<Column> columns(Schema schema) {
    if (takesEvery()) {
      return schema.columns();
    }
    List<Column> columns = new ArrayList<>();
    if (precision != null) {
      columns.add(Column.amount(precision));
    }
    if (again) {
      columns.add(Column.AGAIN);
    }
    return columns;
  }

  static Optional<Row> shown(Row row, Load.Place place, List<Column> columns) {
    Map<String, Long> more = new HashMap<>();
    for (Column column : columns) {
      switch (column.of(row.version(), place)) {
        case Column.Cell.Holds cell -> more.put(column.name(), cell.value());
        case Column.Cell.Empty nothing -> {}
        case Column.Cell.Misfit tooLarge -> {
          return Optional.empty();
        }
      }
    }
    return Optional.of(row.with(more));
  }
}
