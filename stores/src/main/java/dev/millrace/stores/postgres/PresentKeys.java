package dev.millrace.stores.postgres;

import dev.millrace.needs.transform.StoreKey;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Consumer;

/** The keys of the rows there are, as long as they are few enough to be kept in memory. */
final class PresentKeys {
  /** Handing over more would take a worker longer than the deletes it saves. */
  static final long MOST = 2_000_000;

  private static final int FETCHED_AT_ONCE = 20_000;

  private final Connection connection;
  private final TableShape table;

  PresentKeys(Connection connection, TableShape table) {
    this.connection = connection;
    this.table = table;
  }

  /** In a transaction that the caller ends: only there does the driver fetch in portions. */
  boolean each(long wanted, Consumer<StoreKey> each) throws SQLException {
    long most = Math.min(MOST, wanted);
    try (Statement statement = connection.createStatement()) {
      // A worker's session is kept from reading whole tables, which is just what this does.
      statement.execute("SET LOCAL enable_seqscan = on");
      if (estimate(statement) > 2 * most || upTo(most + 1, statement) > most) {
        return false;
      }
      statement.setFetchSize(FETCHED_AT_ONCE);
      try (ResultSet rows =
          statement.executeQuery("SELECT " + table.keyList() + " FROM " + table.quoted())) {
        while (rows.next()) {
          each.accept(key(rows));
        }
      }
      return true;
    }
  }

  private StoreKey key(ResultSet row) throws SQLException {
    List<TableShape.Column> columns = table.key();
    Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = SqlTypes.value(row, i + 1, columns.get(i).type());
    }
    return new StoreKey(values);
  }

  /** May be stale or missing, so it only spares the count where it is far beyond. */
  private long estimate(Statement statement) throws SQLException {
    return number(
        statement,
        "SELECT reltuples::bigint FROM pg_class WHERE oid = "
            + Quoting.literal(table.quoted())
            + "::regclass");
  }

  private long upTo(long limit, Statement statement) throws SQLException {
    return number(
        statement,
        "SELECT count(*) FROM (SELECT FROM " + table.quoted() + " LIMIT " + limit + ") few");
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
