package dev.millrace.stores.postgres;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.column.ColumnType;
import dev.millrace.needs.column.ColumnTypes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A subscription's table, as its plan wants it. In Append mode three columns follow the plan's own,
 * and the first two of them are the key.
 */
record TableShape(
    String schema,
    String name,
    boolean append,
    List<Column> columns,
    List<Column> key,
    List<List<String>> indexes) {

  private static final List<Column> APPENDED =
      List.of(
          new Column("_partition", new ColumnType.Int32()),
          new Column("_offset", new ColumnType.Int64()),
          new Column("_deleted", new ColumnType.Bool()));

  record Column(String name, ColumnType type) {
    String quoted() {
      return Quoting.identifier(name);
    }

    String sqlType() {
      return SqlTypes.name(type);
    }
  }

  static TableShape of(PipelinePlan plan) {
    PipelinePlan.Table table = Objects.requireNonNull(plan.target().table(), "a plan for Postgres");
    boolean append = plan.mode().equals("Append");
    List<Column> own = plan.columns().stream().map(TableShape::column).toList();
    List<Column> key =
        append
            ? APPENDED.subList(0, 2)
            : plan.columns().stream()
                .filter(PipelinePlan.Column::key)
                .map(TableShape::column)
                .toList();
    return new TableShape(
        table.schema(),
        table.name(),
        append,
        append ? Stream.concat(own.stream(), APPENDED.stream()).toList() : own,
        key,
        table.indexes().stream().distinct().toList());
  }

  private static Column column(PipelinePlan.Column column) {
    return new Column(
        column.name(),
        ColumnTypes.parse(column.type())
            .orElseThrow(() -> new IllegalArgumentException("unknown type " + column.type())));
  }

  /** What an event of Append becomes. */
  @Nullable Object[] appended(@Nullable Object[] row, int partition, long offset, boolean deleted) {
    @Nullable Object[] whole = whole(row);
    int own = whole.length - APPENDED.size();
    whole[own] = partition;
    whole[own + 1] = offset;
    whole[own + 2] = deleted;
    return whole;
  }

  /** With room for columns that came after the event, which are null. */
  @Nullable Object[] whole(@Nullable Object[] row) {
    return row.length == columns.size() ? row : Arrays.copyOf(row, columns.size());
  }

  String quoted() {
    return Quoting.relation(schema, name);
  }

  String columnList() {
    return list(columns);
  }

  String keyList() {
    return list(key);
  }

  private static String list(List<Column> columns) {
    return columns.stream().map(Column::quoted).collect(Collectors.joining(", "));
  }

  /** What happens to a row that is there already. */
  String onConflict() {
    List<String> assignments = new ArrayList<>();
    for (Column column : columns) {
      if (!key.contains(column)) {
        assignments.add(column.quoted() + " = excluded." + column.quoted());
      }
    }
    return "ON CONFLICT ("
        + keyList()
        + ") DO "
        + (assignments.isEmpty() ? "NOTHING" : "UPDATE SET " + String.join(", ", assignments));
  }
}
