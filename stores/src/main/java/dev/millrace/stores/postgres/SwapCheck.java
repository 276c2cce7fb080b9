package dev.millrace.stores.postgres;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.StoreProblem;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** What stands in the way of a swap, as far as it can be seen before. */
final class SwapCheck {
  private static final int MOST_NAMED = 20;

  private SwapCheck() {}

  static void run(Steward steward, PipelinePlan live, PipelinePlan next)
      throws SQLException, StoreProblem {
    steward.asWriter();
    TableShape table = TableShape.of(live);
    if (!new TableOnServer(steward, table.quoted()).exists()) {
      throw Losses.tableMissing(steward.problems(), live, table);
    }
    if (!sameShape(steward, live, next)) {
      replaceable(steward, live);
    }
  }

  /**
   * As both plans have it, in whatever order, and as the server has it: somebody may have changed a
   * column since.
   */
  static boolean sameShape(Steward steward, PipelinePlan live, PipelinePlan next)
      throws SQLException {
    TableShape is = TableShape.of(live);
    TableShape wanted = TableShape.of(next);
    return is.append() == wanted.append()
        && new HashSet<>(is.columns()).equals(new HashSet<>(wanted.columns()))
        && new HashSet<>(is.key()).equals(new HashSet<>(wanted.key()))
        && new TableOnServer(steward, is.quoted()).fits(wanted);
  }

  /** Nothing hangs on the table, and another may be moved to its place. */
  static void replaceable(Steward steward, PipelinePlan live) throws SQLException, StoreProblem {
    Set<String> dependents = new Dependents(steward, live).all();
    if (!dependents.isEmpty()) {
      throw blocked(steward, live, dependents);
    }
    String schema = TableShape.of(live).schema();
    Grants.require(
        steward,
        "SELECT has_schema_privilege(" + Quoting.literal(schema) + ", 'CREATE')",
        "no table may be moved to the schema " + Quoting.identifier(schema),
        "GRANT CREATE ON SCHEMA " + Quoting.identifier(schema) + " TO " + steward.writer());
  }

  private static StoreProblem blocked(Steward steward, PipelinePlan live, Set<String> dependents) {
    String named = dependents.stream().limit(MOST_NAMED).collect(Collectors.joining("; "));
    int more = dependents.size() - MOST_NAMED;
    return steward
        .problems()
        .problem(
            "RebuildBlocked",
            "the table "
                + TableShape.of(live).quoted()
                + " gets another shape and is replaced by a new one, and Millrace did not make what"
                + " hangs on it: "
                + named
                + (more > 0 ? "; and " + more + " more" : ""),
            "Drop them, and make them again when the rebuild is done.");
  }
}
