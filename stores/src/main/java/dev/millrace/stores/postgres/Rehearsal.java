package dev.millrace.stores.postgres;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.Batch;
import java.util.function.Consumer;

/** Batches on their way to a table, up to the connection. */
final class Rehearsal implements Consumer<Batch> {
  private final TableShape table;

  Rehearsal(PipelinePlan plan) {
    this.table = TableShape.of(plan);
  }

  @Override
  public void accept(Batch batch) {
    PreparedBatch.of(batch, table);
  }
}
