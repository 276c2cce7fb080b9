package dev.millrace.stores.postgres;

import dev.millrace.api.plan.PipelinePlan;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code millrace.subscription}: what was made for whom. As the writer. */
final class Ledger {
  private static final String SELECT =
      "SELECT uid, name, table_schema, table_name, schema_made, reader, reader_made,"
          + " usage_granted, connect_granted, kept FROM millrace.subscription ";

  private final Steward steward;

  Ledger(Steward steward) {
    this.steward = steward;
  }

  /**
   * @param schemaMade Millrace made the table's schema
   * @param readerMade Millrace made the reader; otherwise it was brought
   * @param usageGranted on the schema, to a reader that did not have it
   * @param connectGranted on the database, likewise
   * @param kept the subscription was deleted, its table and reader stay
   */
  record Line(
      String uid,
      String name,
      String schema,
      String table,
      boolean schemaMade,
      String reader,
      boolean readerMade,
      boolean usageGranted,
      boolean connectGranted,
      boolean kept) {}

  Optional<Line> of(String uid) throws SQLException {
    return lines("WHERE uid = ?", uid).stream().findFirst();
  }

  Optional<Line> at(TableShape table) throws SQLException {
    return lines("WHERE table_schema = ? AND table_name = ?", table.schema(), table.name()).stream()
        .findFirst();
  }

  List<Line> all() throws SQLException {
    return lines("ORDER BY uid");
  }

  void add(Line line) throws SQLException {
    steward.update(
        "INSERT INTO millrace.subscription (uid, name, table_schema, table_name, schema_made,"
            + " reader, reader_made, usage_granted, connect_granted)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        line.uid(),
        line.name(),
        line.schema(),
        line.table(),
        line.schemaMade(),
        line.reader(),
        line.readerMade(),
        line.usageGranted(),
        line.connectGranted());
  }

  /** What was made or granted for this one, and others need too, is theirs to take back. */
  void handOn(Line line) throws SQLException {
    handOn(line.schemaMade(), "schema_made", "table_schema = ?", line.uid(), line.schema());
    handOn(
        line.usageGranted(),
        "usage_granted",
        "table_schema = ? AND reader = ?",
        line.uid(),
        line.schema(),
        line.reader());
    handOn(line.connectGranted(), "connect_granted", "reader = ?", line.uid(), line.reader());
  }

  private void handOn(boolean has, String what, String whom, Object... parameters)
      throws SQLException {
    if (has) {
      steward.update(
          "UPDATE millrace.subscription SET "
              + what
              + " = true WHERE uid = (SELECT min(uid) FROM millrace.subscription WHERE uid <> ? AND "
              + whom
              + ")",
          parameters);
    }
  }

  void keep(String uid) throws SQLException {
    steward.update("UPDATE millrace.subscription SET kept = true WHERE uid = ?", uid);
  }

  void remove(String uid) throws SQLException {
    steward.update("DELETE FROM millrace.subscription WHERE uid = ?", uid);
  }

  /** A cursor that is there stays where it stands, and takes on a newer definition. */
  void addCursors(PipelinePlan plan) throws SQLException {
    ArrayLiteral partitions = new ArrayLiteral();
    ArrayLiteral starts = new ArrayLiteral();
    plan.start()
        .forEach((partition, start) -> {
          partitions.add(partition);
          starts.add(start);
        });
    steward.update(
        """
        INSERT INTO millrace.cursor AS c
          (subscription, partition, next_offset, cluster_id, topic_id, definition)
        SELECT ?, p.partition, p.start, ?, ?, ?::bigint
        FROM unnest(?::integer[], ?::bigint[]) AS p(partition, start)
        ON CONFLICT (subscription, partition) DO UPDATE SET definition = excluded.definition
          WHERE c.definition < excluded.definition\
        """,
        plan.uid(),
        plan.source().clusterId(),
        plan.source().topicId(),
        plan.definition(),
        partitions,
        starts);
  }

  void removeCursors(String uid) throws SQLException {
    steward.update("DELETE FROM millrace.cursor WHERE subscription = ?", uid);
    steward.update("DELETE FROM millrace.dead_letter WHERE subscription = ?", uid);
  }

  private List<Line> lines(String which, String... parameters) throws SQLException {
    List<Line> lines = new ArrayList<>();
    try (PreparedStatement select = steward.connection().prepareStatement(SELECT + which)) {
      for (int i = 0; i < parameters.length; i++) {
        select.setString(i + 1, parameters[i]);
      }
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          lines.add(line(row));
        }
      }
    }
    return lines;
  }

  private static Line line(ResultSet row) throws SQLException {
    return new Line(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getBoolean(5),
        row.getString(6),
        row.getBoolean(7),
        row.getBoolean(8),
        row.getBoolean(9),
        row.getBoolean(10));
  }
}
