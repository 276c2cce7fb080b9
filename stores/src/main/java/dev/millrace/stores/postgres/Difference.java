package dev.millrace.stores.postgres;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.StoreProblem;
import java.sql.SQLException;
import java.util.stream.Collectors;

/**
 * Makes the live table's rows those of a shadow of the same shape. Only rows that differ are
 * written, by bytes and not by meaning: documents and numbers may be equal to the server and not be
 * the same.
 */
final class Difference {
  private final Steward steward;
  private final PipelinePlan next;
  private final TableShape live;
  private final String shadow;
  private final PlanIndexes indexes;

  /**
   * @param next names the live table
   */
  Difference(Steward steward, PipelinePlan next, TableShape shadow) {
    this.steward = steward;
    this.next = next;
    this.live = TableShape.of(next);
    this.shadow = shadow.quoted();
    this.indexes = new PlanIndexes(steward, next);
  }

  void merge() throws SQLException, StoreProblem {
    indexes.addMissing();
    steward.run(
        "DELETE FROM %s AS l WHERE NOT EXISTS (SELECT FROM %s AS s WHERE %s)"
            .formatted(live.quoted(), shadow, sameKey()));
    steward.run(
        "INSERT INTO %s (%s) SELECT %s FROM %s AS s LEFT JOIN %s AS l ON %s WHERE %s %s"
            .formatted(
                live.quoted(),
                live.columnList(),
                columns("s"),
                shadow,
                live.quoted(),
                sameKey(),
                differs(),
                live.onConflict()));
    refuseRemainder();
    steward.run("DROP TABLE " + shadow);
    indexes.dropUnwanted();
  }

  /** A trigger or rule of somebody's may have written other rows, or none. */
  private void refuseRemainder() throws SQLException, StoreProblem {
    boolean interfered =
        steward.truth(
            "SELECT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = ?::regclass AND NOT tgisinternal)"
                + " OR EXISTS (SELECT FROM pg_rewrite WHERE ev_class = ?::regclass)"
                + " OR (SELECT relforcerowsecurity FROM pg_class WHERE oid = ?::regclass)",
            live.quoted(),
            live.quoted(),
            live.quoted());
    if (interfered && remains()) {
      throw steward
          .problems()
          .problem(
              "SchemaRejected",
              "a trigger, rule or policy on "
                  + live.quoted()
                  + " changes what is written, so the rebuild of "
                  + next.subscription()
                  + " cannot be put there",
              "Change or drop what was added to the table; then it goes on.");
    }
  }

  private boolean remains() throws SQLException {
    return steward.truth(
        "SELECT EXISTS (SELECT FROM %s AS s FULL JOIN %s AS l ON %s WHERE %s)"
            .formatted(shadow, live.quoted(), sameKey(), differs()));
  }

  /** Null in the key stands for a row that the other does not have. */
  private String differs() {
    return "record_image_ne(ROW(%s), ROW(%s))".formatted(columns("l"), columns("s"));
  }

  private String sameKey() {
    return live.key().stream()
        .map(column -> "l." + column.quoted() + " = s." + column.quoted())
        .collect(Collectors.joining(" AND "));
  }

  private String columns(String of) {
    return live.columns().stream()
        .map(column -> of + "." + column.quoted())
        .collect(Collectors.joining(", "));
  }
}
