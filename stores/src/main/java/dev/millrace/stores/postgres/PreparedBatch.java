package dev.millrace.stores.postgres;

import dev.millrace.stores.Batch;
import dev.millrace.stores.Prepared;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A batch folded, and its rows encoded when they are many.
 *
 * @param fold without rows that go by COPY
 */
record PreparedBatch(List<Batch.Move> moves, Fold fold, Optional<CopyRows> copy, long nanos)
    implements Prepared {

  /**
   * Above one of these rows go by COPY, although it needs more round trips: a statement takes them
   * as text, which both sides go through letter by letter. Measured in RATIONALE.md.
   */
  static final int MOST_IN_ONE_STATEMENT = 500;

  static final int MOST_VALUES_IN_ONE_STATEMENT = 4_000;
  static final int MOST_CHARACTERS_IN_ONE_STATEMENT = 128 * 1024;

  static PreparedBatch of(Batch batch, TableShape table) {
    long began = System.nanoTime();
    Fold fold = Fold.of(batch, table);
    if (isLittle(fold.rows())) {
      return new PreparedBatch(batch.moves(), fold, Optional.empty(), System.nanoTime() - began);
    }
    CopyRows rows = CopyRows.of(fold.rows(), new CopyBuffer(table));
    return new PreparedBatch(
        batch.moves(), fold.withoutRows(), Optional.of(rows), System.nanoTime() - began);
  }

  private static boolean isLittle(List<@Nullable Object[]> rows) {
    if (rows.isEmpty()) {
      return true;
    }
    if (rows.size() > MOST_IN_ONE_STATEMENT
        || (long) rows.size() * rows.get(0).length > MOST_VALUES_IN_ONE_STATEMENT) {
      return false;
    }
    long characters = 0;
    for (@Nullable Object[] row : rows) {
      for (Object value : row) {
        characters += value instanceof String text ? text.length() : 0;
      }
    }
    return characters <= MOST_CHARACTERS_IN_ONE_STATEMENT;
  }
}
