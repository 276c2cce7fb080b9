package dev.millrace.stores.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Puts many rows, inside the caller's transaction. First straight into the table by COPY, hoping
 * that no key is there yet, as in a first load; when one is, all is turned back and done again,
 * with the rows through a temporary table. Batches that follow a meeting likely meet too, so some
 * of them do not even try.
 */
final class BulkPut {
  private static final int UNTRIED_AFTER_MEETING = 16;

  private static final String UNIQUE_VIOLATION = "23505";

  private final Connection connection;
  private final TableShape table;
  private int untried;

  BulkPut(Connection connection, TableShape table) {
    this.connection = connection;
    this.table = table;
  }

  /** Whether to copy next; if not, merge. */
  boolean mayCopy() {
    if (untried == 0) {
      return true;
    }
    untried--;
    return false;
  }

  /** Straight into the table. When that {@link #met} a key, the transaction has ended. */
  void copy(CopyRows rows) throws SQLException {
    copy(table.quoted(), rows);
  }

  /** Why a copy failed: now merge, in another transaction. */
  boolean met(SQLException e) {
    boolean met = UNIQUE_VIOLATION.equals(e.getSQLState());
    if (met) {
      untried = UNTRIED_AFTER_MEETING;
    }
    return met;
  }

  /** By way of a temporary table. */
  void merge(CopyRows rows) throws SQLException {
    stage();
    copy("pg_temp.millrace_staging", rows);
    run(
        "INSERT INTO "
            + table.quoted()
            + " ("
            + table.columnList()
            + ") SELECT "
            + table.columnList()
            + " FROM pg_temp.millrace_staging "
            + table.onConflict());
  }

  /** Lasts as long as the session, unless the transaction that made it is turned back. */
  private void stage() throws SQLException {
    run(
        "CREATE TEMPORARY TABLE IF NOT EXISTS millrace_staging ON COMMIT DELETE ROWS AS SELECT "
            + table.columnList()
            + " FROM "
            + table.quoted()
            + " WITH NO DATA");
  }

  private void copy(String into, CopyRows rows) throws SQLException {
    CopyIn copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn("COPY " + into + " (" + table.columnList() + ") FROM STDIN (FORMAT binary)");
    try {
      rows.send(copy);
      copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
