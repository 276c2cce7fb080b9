package dev.millrace.stores.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;
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
  private static final AtomicLong LAST = new AtomicLong();

  /** Others of the same session have one of their own. */
  private final String staging = "millrace_staging_" + LAST.incrementAndGet();

  private final TableShape table;
  private int untried;
  private boolean staged;

  BulkPut(TableShape table) {
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
  void copy(Connection connection, CopyRows rows) throws SQLException {
    copy(connection, table.quoted(), rows);
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
  void merge(Connection connection, CopyRows rows) throws SQLException {
    stage(connection);
    copy(connection, "pg_temp." + staging, rows);
    run(
        connection,
        "INSERT INTO "
            + table.quoted()
            + " ("
            + table.columnList()
            + ") SELECT "
            + table.columnList()
            + " FROM pg_temp."
            + staging
            + " "
            + table.onConflict());
  }

  /** Lasts as long as the session, unless the transaction that made it is turned back. */
  private void stage(Connection connection) throws SQLException {
    staged = true;
    run(
        connection,
        "CREATE TEMPORARY TABLE IF NOT EXISTS "
            + staging
            + " ON COMMIT DELETE ROWS AS SELECT "
            + table.columnList()
            + " FROM "
            + table.quoted()
            + " WITH NO DATA");
  }

  /** When others go on in the session. */
  void close(Connection connection) throws SQLException {
    if (staged) {
      run(connection, "DROP TABLE IF EXISTS pg_temp." + staging);
    }
  }

  private void copy(Connection connection, String into, CopyRows rows) throws SQLException {
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

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
