package dev.millrace.stores.postgres;

import dev.millrace.api.status.Counts;
import dev.millrace.stores.Cursor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The cursors of one subscription: read, taken over, made sure. */
final class Cursors {
  private static final String COLUMNS =
      "partition, next_offset, leader_epoch, cluster_id, topic_id, definition, owner, read, applied,"
          + " filtered, dead_lettered, skipped";
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private final Connection connection;
  private final String uid;

  Cursors(Connection connection, String uid) {
    this.connection = connection;
    this.uid = uid;
  }

  List<Cursor> all() throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT "
                + COLUMNS
                + " FROM millrace.cursor WHERE subscription = ? ORDER BY partition")) {
      select.setString(1, uid);
      return cursors(select);
    }
  }

  /**
   * In a transaction that the caller ends. A holder that works finishes its batch within the first,
   * short wait and is fenced at its next; one that is stuck in a batch is ended.
   *
   * @return the cursors there are, of the partitions asked for
   */
  List<Cursor> take(Collection<Integer> partitions, String owner) throws SQLException {
    run("SET LOCAL lock_timeout = '1s'");
    run("SAVEPOINT millrace_take");
    try {
      return claimedIfThere(partitions, owner);
    } catch (SQLException e) {
      if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        throw e;
      }
      run("ROLLBACK TO SAVEPOINT millrace_take");
    }
    endHolders(partitions);
    run("SET LOCAL lock_timeout = '10s'");
    return claimedIfThere(partitions, owner);
  }

  /**
   * A swap that ends while a statement waits for its rows has put others in their place, which that
   * statement does not see; the next one does.
   */
  private List<Cursor> claimedIfThere(Collection<Integer> partitions, String owner)
      throws SQLException {
    List<Cursor> claimed = claimed(partitions, owner);
    return claimed.size() < partitions.size() ? claimed(partitions, owner) : claimed;
  }

  private List<Cursor> claimed(Collection<Integer> partitions, String owner) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            """
            UPDATE millrace.cursor SET owner = ?, owner_pid = pg_backend_pid(), owner_started =
              (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid())
            WHERE subscription = ? AND partition = ANY (?::integer[]) RETURNING\s\
            """
                + COLUMNS)) {
      update.setString(1, owner);
      update.setString(2, uid);
      update.setString(3, literal(partitions));
      return cursors(update);
    }
  }

  /**
   * A process id may have been given anew; with its start time it is the same session. Others use
   * it too, and perhaps only they do by now: who holds the row has done so for as long as was
   * waited for it.
   */
  private void endHolders(Collection<Integer> partitions) throws SQLException {
    try (PreparedStatement end =
        connection.prepareStatement(
            """
            SELECT pg_terminate_backend(pid, 5000) FROM (
              SELECT DISTINCT a.pid FROM millrace.cursor c JOIN pg_stat_activity a
                ON a.pid = c.owner_pid AND a.backend_start = c.owner_started
              WHERE c.subscription = ? AND c.partition = ANY (?::integer[])
                AND a.pid <> pg_backend_pid()
                AND a.xact_start < clock_timestamp() - interval '900 milliseconds') holder\
            """)) {
      end.setString(1, uid);
      end.setString(2, literal(partitions));
      end.execute();
    }
  }

  /**
   * Everything committed before is on disk on return. A commit that is waited for takes with it all
   * that came before, whoever wrote it; but it has to write something of its own.
   */
  void makeSure() throws SQLException {
    run(
        "SELECT set_config('synchronous_commit', 'on', true),"
            + " pg_logical_emit_message(true, 'millrace', '')");
  }

  private List<Cursor> cursors(PreparedStatement statement) throws SQLException {
    List<Cursor> cursors = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        cursors.add(cursor(row));
      }
    }
    return cursors;
  }

  private static Cursor cursor(ResultSet row) throws SQLException {
    return new Cursor(
        row.getInt(1),
        row.getLong(2),
        Optional.ofNullable(row.getObject(3, Integer.class)),
        row.getString(4),
        row.getString(5),
        row.getLong(6),
        row.getString(7),
        new Counts(
            row.getLong(8), row.getLong(9), row.getLong(10), row.getLong(11), row.getLong(12)));
  }

  private static String literal(Collection<Integer> partitions) {
    ArrayLiteral literal = new ArrayLiteral();
    partitions.forEach(literal::add);
    return literal.toString();
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
