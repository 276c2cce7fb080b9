package dev.millrace.stores.postgres;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Puts a shadow in the place of what it was made for, in one transaction. Of the same shape its
 * rows are merged into the live table, which no snapshot can see half of; of another shape its
 * table takes the other's place, and then no older snapshot may be left.
 */
final class Swap {
  /** A merge of a large table is one statement that is silent for long. */
  private static final long LONGEST_MINUTES = 60;

  private final StoreSite site;
  private final PipelinePlan live;
  private final PipelinePlan shadow;
  private final PipelinePlan next;

  /** What the first look found, and the second has to find again. */
  private record Look(RestingCursors cursors, boolean sameShape) {
    boolean sameAs(Look other) {
      return cursors.unmovedSince(other.cursors) && sameShape == other.sameShape;
    }
  }

  Swap(StoreSite site, PipelinePlan live, PipelinePlan shadow, PipelinePlan next) {
    this.site = site;
    this.live = live;
    this.shadow = shadow;
    this.next = next;
  }

  void run() throws StoreProblem {
    Look[] first = new Look[1];
    Steward.transaction(site, steward -> first[0] = look(steward));
    if (first[0].cursors().swapped()) {
      return;
    }
    if (!first[0].sameShape()) {
      OlderSnapshots.await(site);
    }
    Steward.transaction(site, steward -> swap(steward, first[0]));
  }

  private Look look(Steward steward) throws SQLException, StoreProblem {
    patience(steward);
    steward.asWriter();
    if (!Bookkeeping.isThere(steward)) {
      throw Losses.cursorsMissing(steward.problems(), live, live.start().keySet());
    }
    RestingCursors cursors = RestingCursors.lock(steward, live, shadow, next);
    if (cursors.swapped()) {
      new Cursors(steward.connection(), live.uid()).makeSure();
      return new Look(cursors, true);
    }
    requireTables(steward);
    boolean sameShape = SwapCheck.sameShape(steward, live, next);
    if (!sameShape) {
      SwapCheck.replaceable(steward, live);
    }
    return new Look(cursors, sameShape);
  }

  private void requireTables(Steward steward) throws SQLException, StoreProblem {
    TableShape table = TableShape.of(live);
    if (!new TableOnServer(steward, table.quoted()).exists()) {
      throw Losses.tableMissing(steward.problems(), live, table);
    }
    TableOnServer loaded = new TableOnServer(steward, TableShape.of(shadow).quoted());
    if (!loaded.exists() || !loaded.fits(TableShape.of(next))) {
      throw Losses.shadowMissing(steward.problems(), live, "the table, or a column of it,");
    }
  }

  private void swap(Steward steward, Look first) throws SQLException, StoreProblem {
    Look second = look(steward);
    if (second.cursors().swapped()) {
      return;
    }
    if (!second.sameAs(first)) {
      throw changedMeanwhile();
    }
    Ledger.Line line =
        new Ledger(steward)
            .of(live.uid())
            .orElseThrow(
                () -> Losses.cursorsMissing(steward.problems(), live, live.start().keySet()));
    if (second.sameShape()) {
      new Difference(steward, next, TableShape.of(shadow)).merge();
    } else {
      new Replacement(steward, live, shadow, next)
          .run(Optional.of(line.reader()).filter(reader -> !reader.isEmpty()));
    }
    second.cursors().exchange();
  }

  /** Whoever else wants the table waits behind this for so long. */
  private static void patience(Steward steward) throws SQLException {
    steward
        .connection()
        .setNetworkTimeout(Runnable::run, (int) TimeUnit.MINUTES.toMillis(LONGEST_MINUTES + 1));
    steward.patience();
    steward.run("SET LOCAL statement_timeout = '" + LONGEST_MINUTES + "min'");
  }

  private StoreProblem changedMeanwhile() {
    return new StoreProblem(
        "RebuildBehind",
        "the cursors or the table of "
            + live.subscription()
            + " changed while the rebuild was to take their place",
        "Nothing: it is tried again.",
        true);
  }
}
