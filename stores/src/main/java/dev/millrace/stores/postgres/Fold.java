package dev.millrace.stores.postgres;

import dev.millrace.needs.transform.Outcome;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.stores.Batch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A batch as the table sees it: the last version of each key, the keys that go, and the events that
 * could not be applied. No key is in two of them. Rows come in the order of the log, which keys
 * often grow by, and an index takes those faster.
 */
record Fold(List<@Nullable Object[]> rows, List<StoreKey> gone, List<Batch.Entry> dead) {

  /** What a key ends with that goes. */
  private static final @Nullable Object[] GONE = {};

  static Fold of(Batch batch, TableShape table) {
    List<@Nullable Object[]> added = new ArrayList<>();
    List<Batch.Entry> dead = new ArrayList<>();
    Map<StoreKey, @Nullable Object[]> last = new LinkedHashMap<>(batch.entries().size() * 2);
    for (Batch.Entry entry : batch.entries()) {
      switch (entry.outcome()) {
        case Outcome.Put put -> last.put(put.key(), table.whole(put.row()));
        case Outcome.Delete delete -> last.put(delete.key(), GONE);
        case Outcome.Leave leave -> last.put(leave.key(), GONE);
        case Outcome.Add add ->
            added.add(table.appended(add.row(), entry.partition(), entry.offset(), add.deleted()));
        case Outcome.Dead d -> dead.add(entry);
        case Outcome.Pass pass -> throw new IllegalArgumentException("a Pass is not for a store");
      }
    }
    return last.isEmpty() ? new Fold(added, List.of(), dead) : split(last, dead);
  }

  boolean isEmpty() {
    return rows.isEmpty() && gone.isEmpty() && dead.isEmpty();
  }

  Fold withoutRows() {
    return new Fold(List.of(), gone, dead);
  }

  Fold withoutDead() {
    return new Fold(rows, gone, List.of());
  }

  private static Fold split(Map<StoreKey, @Nullable Object[]> last, List<Batch.Entry> dead) {
    List<@Nullable Object[]> rows = new ArrayList<>(last.size());
    List<StoreKey> gone = new ArrayList<>();
    last.forEach((key, row) -> {
      if (row == GONE) {
        gone.add(key);
      } else {
        rows.add(row);
      }
    });
    return new Fold(rows, gone, dead);
  }
}
