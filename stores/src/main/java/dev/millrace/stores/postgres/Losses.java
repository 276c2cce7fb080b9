package dev.millrace.stores.postgres;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.StoreProblem;
import java.util.Set;

/** A store that no longer fits its stream, in words. */
final class Losses {
  private Losses() {}

  static StoreProblem cursorsMissing(Problems problems, PipelinePlan plan, Set<Integer> missing) {
    return problems.problem(
        "StoreLost",
        "the cursors of the partitions "
            + missing
            + " of "
            + plan.subscription()
            + " are missing: the store was reset, or another subscription's",
        "Restore the database from a backup, or delete the subscription and ask again.");
  }

  static StoreProblem tableMissing(Problems problems, PipelinePlan plan, TableShape table) {
    return problems.problem(
        "StoreLost",
        "the table " + table.quoted() + " of " + plan.subscription() + " was dropped",
        "Restore it from a backup, or delete the subscription and ask again.");
  }

  static StoreProblem shadowMissing(Problems problems, PipelinePlan live, String what) {
    return problems.problem(
        "StoreLost",
        what + " of the rebuild of " + live.subscription() + " is missing; what is there stays",
        "Cancel the rebuild and ask for it again.");
  }

  static StoreProblem sourceRecreated(Problems problems, PipelinePlan plan) {
    return problems.problem(
        "SourceRecreated",
        "the rows came from an earlier topic of the name " + plan.source().topic(),
        "Delete the subscription and ask again, to load the new topic from its beginning.");
  }
}
