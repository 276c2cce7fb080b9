package dev.millrace.stores.postgres;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.problem.Finding;
import dev.millrace.needs.column.ColumnTypes;
import dev.millrace.needs.plan.Alterations;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.Definitions;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Has a table take on a plan's columns, and the cursors its definition. Cursors come first, as in
 * every batch: whoever has them locked is not in the middle of one, and nobody waits for the other.
 */
final class Alteration {
  /** On columns that were added here: one of the same name without it is somebody else's. */
  static final String MADE = "Added by Millrace";

  private static final Set<String> IN_USE = Set.of("0A000", "2BP01");

  private final Steward steward;
  private final PipelinePlan next;
  private final TableShape table;

  Alteration(Steward steward, PipelinePlan next) {
    this.steward = steward;
    this.next = next;
    this.table = TableShape.of(next);
  }

  /** Does it and turns it back, as if it had not been. */
  static void attempt(StoreSite site, PipelinePlan next) throws StoreProblem {
    try (Steward steward = Steward.begin(site)) {
      Alteration alteration = new Alteration(steward, next);
      try {
        alteration.begin();
        alteration.reshape(alteration.oldest(alteration.cursors()));
      } catch (SQLException e) {
        throw steward.problems().of(e);
      }
    }
  }

  void run() throws SQLException, StoreProblem {
    begin();
    steward.run(
        "SELECT FROM millrace.cursor WHERE subscription = "
            + Quoting.literal(next.uid())
            + " ORDER BY partition FOR UPDATE");
    List<Cursor> cursors = cursors();
    long stands = oldest(cursors);
    if (stands < next.definition()) {
      refuseBeyond(cursors);
    }
    reshape(stands);
    steward.update(
        "UPDATE millrace.cursor SET definition = ?::bigint"
            + " WHERE subscription = ? AND definition < ?::bigint",
        next.definition(),
        next.uid(),
        next.definition());
    // Where it had happened already there may be nothing to commit, and so to wait for.
    new Cursors(steward.connection(), next.uid()).makeSure();
  }

  private void begin() throws SQLException, StoreProblem {
    for (Finding finding : new PlanCheck(next).findings()) {
      throw blocked(finding.message(), String.valueOf(finding.remedy()));
    }
    steward.patience();
    steward.asWriter();
    if (!Bookkeeping.isThere(steward)) {
      throw Losses.cursorsMissing(steward.problems(), next, next.start().keySet());
    }
  }

  /** The least definition that they have. */
  private long oldest(List<Cursor> cursors) throws StoreProblem {
    Set<Integer> missing = new TreeSet<>(next.start().keySet());
    long oldest = next.definition();
    for (Cursor cursor : cursors) {
      missing.remove(cursor.partition());
      if (!cursor.topicId().equals(next.source().topicId())) {
        throw Losses.sourceRecreated(steward.problems(), next);
      }
      Definitions.requireAlterable(next, cursor.definition());
      oldest = Math.min(oldest, cursor.definition());
    }
    if (!missing.isEmpty()) {
      throw Losses.cursorsMissing(steward.problems(), next, missing);
    }
    return oldest;
  }

  private List<Cursor> cursors() throws SQLException {
    return new Cursors(steward.connection(), next.uid()).all();
  }

  private void refuseBeyond(List<Cursor> cursors) throws StoreProblem {
    Map<Integer, Long> nobodyBeyond = Alterations.nobodyBeyond(next);
    for (Cursor cursor : cursors) {
      long most = nobodyBeyond.getOrDefault(cursor.partition(), Long.MAX_VALUE);
      if (cursor.nextOffset() > most) {
        throw Definitions.alterBehind(next, cursor.partition(), cursor.nextOffset());
      }
    }
  }

  /**
   * All in one statement, so that the table is locked once and for a moment. Whoever wants it while
   * this waits for somebody's long query waits too, so it does not wait long.
   */
  private void reshape(long stands) throws SQLException, StoreProblem {
    TableOnServer server = new TableOnServer(steward, table.quoted());
    if (!server.exists()) {
      throw Losses.tableMissing(steward.problems(), next, table);
    }
    Map<String, String> types = server.types();
    List<String> changes = new ArrayList<>();
    List<String> added = new ArrayList<>();
    for (TableShape.Column column : table.columns()) {
      String is = types.get(column.name());
      if (is == null) {
        changes.add("ADD COLUMN " + column.quoted() + " " + column.sqlType());
        added.add(column.quoted());
      } else if (stands < next.definition()
          && isNew(column)
          && !server.comment(column.name()).equals(Optional.of(MADE))) {
        throw blocked(
            "it has a column " + column.quoted() + " already, which Millrace did not make",
            "Rename or drop that column; then it goes on.");
      } else if (isWidened(column) && !is.equals(column.sqlType())) {
        requireWidening(column, is);
        changes.add("ALTER COLUMN " + column.quoted() + " TYPE " + column.sqlType());
      }
    }
    if (!changes.isEmpty()) {
      steward.run("SET LOCAL lock_timeout = '500ms'");
      change("ALTER TABLE " + table.quoted() + " " + String.join(", ", changes));
    }
    for (String column : added) {
      steward.run(
          "COMMENT ON COLUMN " + table.quoted() + "." + column + " IS " + Quoting.literal(MADE));
    }
  }

  private boolean isNew(TableShape.Column column) {
    return changed(column).filter(each -> each.before() == null).isPresent();
  }

  private boolean isWidened(TableShape.Column column) {
    return changed(column).filter(each -> each.before() != null).isPresent();
  }

  private Optional<PipelinePlan.Column> changed(TableShape.Column column) {
    return next.columns().stream()
        .filter(each -> each.name().equals(column.name()) && each.since() != null)
        .findFirst();
  }

  private void requireWidening(TableShape.Column column, String is) throws StoreProblem {
    boolean widens =
        ColumnTypes.parse(is).filter(type -> SqlTypes.widens(type, column.type())).isPresent();
    if (!widens) {
      throw blocked(
          "its column " + column.quoted() + " is " + is + " and should be " + column.sqlType(),
          "Make it that type again, or ask for a rebuild.");
    }
  }

  /** The server names what uses a column; that is no row. */
  private void change(String sql) throws SQLException, StoreProblem {
    try {
      steward.run(sql);
    } catch (SQLException e) {
      if (IN_USE.contains(e.getSQLState())) {
        throw blocked(
            Problems.named(e), "Drop it, and make it again when the columns have changed.");
      }
      throw e;
    }
  }

  private StoreProblem blocked(String why, String remedy) {
    return steward
        .problems()
        .problem(
            "AlterBlocked",
            "the table "
                + table.quoted()
                + " cannot take on the columns of definition "
                + next.definition()
                + ": "
                + why,
            remedy);
  }
}
