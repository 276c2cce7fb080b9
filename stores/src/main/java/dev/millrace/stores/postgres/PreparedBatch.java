package dev.millrace.stores.postgres;

import dev.millrace.stores.Batch;
import dev.millrace.stores.Prepared;
import java.util.List;
import java.util.Optional;

/**
 * A batch folded, and its rows encoded when they are many.
 *
 * @param fold without rows that go by COPY
 */
record PreparedBatch(List<Batch.Move> moves, Fold fold, Optional<CopyRows> copy, long nanos)
    implements Prepared {

  /** Above this COPY wins although it needs more round trips; measured in RATIONALE.md. */
  static final int MOST_IN_ONE_STATEMENT = 500;

  static PreparedBatch of(Batch batch, TableShape table) {
    long began = System.nanoTime();
    Fold fold = Fold.of(batch, table);
    if (fold.rows().size() <= MOST_IN_ONE_STATEMENT) {
      return new PreparedBatch(batch.moves(), fold, Optional.empty(), System.nanoTime() - began);
    }
    CopyRows rows = CopyRows.of(fold.rows(), new CopyBuffer(table));
    return new PreparedBatch(
        batch.moves(), fold.withoutRows(), Optional.of(rows), System.nanoTime() - began);
  }
}
