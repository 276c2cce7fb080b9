package dev.millrace.stores.postgres;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A table as the server's catalogue has it, whatever its plan says. */
final class TableOnServer {
  private final Steward steward;
  private final String quoted;

  TableOnServer(Steward steward, String quoted) {
    this.steward = steward;
    this.quoted = quoted;
  }

  boolean exists() throws SQLException {
    return steward.truth("SELECT to_regclass(?) IS NOT NULL", quoted);
  }

  /** Every column has its type and the key is the key; there may be more columns. */
  boolean fits(TableShape shape) throws SQLException {
    Map<String, String> columns = types();
    return shape.columns().stream()
            .allMatch(column -> column.sqlType().equals(columns.get(column.name())))
        && key().equals(names(shape.key()));
  }

  /** By name, as the server spells them. */
  Map<String, String> types() throws SQLException {
    Map<String, String> types = new HashMap<>();
    for (String[] column :
        rows(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
                + " WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped")) {
      types.put(column[0], column[1]);
    }
    return types;
  }

  Optional<String> comment(String column) throws SQLException {
    return steward.text(
        "SELECT col_description(attrelid, attnum) FROM pg_attribute"
            + " WHERE attrelid = ?::regclass AND attname = ? AND NOT attisdropped",
        quoted,
        column);
  }

  private Set<String> key() throws SQLException {
    Set<String> key = new HashSet<>();
    for (String[] column :
        rows(
            "SELECT a.attname FROM pg_index i JOIN pg_attribute a"
                + " ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)"
                + " WHERE i.indrelid = ?::regclass AND i.indisprimary")) {
      key.add(column[0]);
    }
    return key;
  }

  Optional<String> keyConstraint() throws SQLException {
    return steward.text(
        "SELECT conname FROM pg_constraint WHERE conrelid = ?::regclass AND contype = 'p'", quoted);
  }

  /** Since Postgres 18 each NOT NULL has a name, which begins with the table's. */
  List<String> notNullConstraints() throws SQLException {
    return rows("SELECT conname FROM pg_constraint WHERE conrelid = ?::regclass AND contype = 'n'")
        .stream()
        .map(row -> row[0])
        .toList();
  }

  /** By name, the columns of each index over columns alone. */
  Map<String, List<String>> indexes() throws SQLException {
    Map<String, List<String>> indexes = new HashMap<>();
    for (String[] row :
        rows(
            """
            SELECT c.relname, a.attname
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k(attnum, at)
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
            WHERE i.indrelid = ?::regclass AND i.indexprs IS NULL ORDER BY k.at\
            """)) {
      indexes.computeIfAbsent(row[0], name -> new ArrayList<>()).add(row[1]);
    }
    return indexes;
  }

  private static Set<String> names(List<TableShape.Column> columns) {
    return columns.stream().map(TableShape.Column::name).collect(Collectors.toSet());
  }

  /** Rows of texts; the table is every parameter. */
  List<String[]> rows(String sql) throws SQLException {
    List<String[]> rows = new ArrayList<>();
    try (PreparedStatement select = steward.connection().prepareStatement(sql)) {
      for (int i = 1; i <= sql.chars().filter(c -> c == '?').count(); i++) {
        select.setString(i, quoted);
      }
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          String[] values = new String[row.getMetaData().getColumnCount()];
          for (int i = 0; i < values.length; i++) {
            values[i] = row.getString(i + 1);
          }
          rows.add(values);
        }
      }
    }
    return rows;
  }
}
