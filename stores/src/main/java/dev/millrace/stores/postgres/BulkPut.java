package dev.millrace.stores.postgres;

import dev.millrace.stores.Effort;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Puts many rows, inside the caller's transaction. First straight into the table by COPY, hoping
 * that no key is there yet, as in a first load; when one is, that COPY is turned back and the rows
 * go through a temporary table. Batches that follow a meeting likely meet too, so some of them do
 * not even try.
 */
final class BulkPut {
  private static final int UNTRIED_AFTER_MEETING = 16;

  private static final String UNIQUE_VIOLATION = "23505";

  private final Connection connection;
  private final TableShape table;
  private final CopyBuffer buffer;
  private final Effort effort;
  private int untried;

  BulkPut(Connection connection, TableShape table, Effort effort) {
    this.connection = connection;
    this.table = table;
    this.buffer = new CopyBuffer(table);
    this.effort = effort;
  }

  /** Returns in which of the {@link Ways} it did. */
  String put(List<@Nullable Object[]> rows) throws SQLException {
    if (untried > 0) {
      untried--;
      merge(rows);
      return Ways.MERGE;
    }
    if (copied(rows)) {
      return Ways.COPY;
    }
    untried = UNTRIED_AFTER_MEETING;
    merge(rows);
    return Ways.COPY_THEN_MERGE;
  }

  private boolean copied(List<@Nullable Object[]> rows) throws SQLException {
    run("SAVEPOINT millrace_copy");
    try {
      copy(table.quoted(), rows);
      return true;
    } catch (SQLException e) {
      if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
        throw e;
      }
      run("ROLLBACK TO SAVEPOINT millrace_copy");
      return false;
    }
  }

  private void merge(List<@Nullable Object[]> rows) throws SQLException {
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

  private void copy(String into, List<@Nullable Object[]> rows) throws SQLException {
    CopyIn copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn("COPY " + into + " (" + table.columnList() + ") FROM STDIN (FORMAT binary)");
    try {
      buffer.write(rows, measured(copy));
      copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  /** What comes between two full buffers is encoding. */
  private CopyBuffer.Destination measured(CopyIn copy) {
    return new CopyBuffer.Destination() {
      private long since = System.nanoTime();

      @Override
      public void write(byte[] bytes, int offset, int length) throws SQLException {
        effort.encoded(since);
        copy.writeToCopy(bytes, offset, length);
        since = System.nanoTime();
      }
    };
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
