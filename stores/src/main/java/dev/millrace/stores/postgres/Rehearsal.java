package dev.millrace.stores.postgres;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.Batch;
import java.sql.SQLException;
import java.util.function.Consumer;

/** Batches on their way to a table, up to the connection. */
final class Rehearsal implements Consumer<Batch> {
  private final TableShape table;
  private final CopyBuffer buffer;

  Rehearsal(PipelinePlan plan) {
    this.table = TableShape.of(plan);
    this.buffer = new CopyBuffer(table);
  }

  @Override
  public void accept(Batch batch) {
    try {
      buffer.write(
          Fold.of(batch, table).rows(),
          (bytes, offset, length) -> {
            // Here the stage ends.
          });
    } catch (SQLException nothingIsSent) {
      throw new IllegalStateException(nothingIsSent);
    }
  }
}
