package dev.millrace.chaos.round;

import dev.millrace.chaos.load.Row;
import dev.millrace.chaos.store.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of one subscription, in its order. At a hundred looks a second these are millions
 * of rows: each is kept once, and a look that saw what the one before it saw is only counted.
 */
final class Looks {
  private final Map<String, Integer> places = new HashMap<>();
  private final List<String> keys = new ArrayList<>();
  private final Map<Row, Row> rows = new HashMap<>();
  private final List<Seen> seen = new ArrayList<>();
  private int count;

  /**
   * @param rows at the places of their keys; it may end before the last key
   */
  private record Seen(Snapshot.Cursor[] cursors, @Nullable Row[] rows) {
    boolean sameAs(Seen other) {
      return Arrays.equals(cursors, other.cursors) && Arrays.equals(rows, other.rows);
    }
  }

  synchronized void add(Snapshot snapshot) {
    count++;
    Seen look = new Seen(snapshot.cursors(), kept(snapshot.rows()));
    if (seen.isEmpty() || !seen.get(seen.size() - 1).sameAs(look)) {
      seen.add(look);
    }
  }

  private @Nullable Row[] kept(SortedMap<String, Row> all) {
    all.keySet().forEach(this::place);
    @Nullable Row[] kept = new Row[keys.size()];
    all.forEach((key, row) -> kept[place(key)] = rows.computeIfAbsent(row, first -> first));
    return kept;
  }

  private int place(String key) {
    return places.computeIfAbsent(
        key,
        another -> {
          keys.add(another);
          return keys.size() - 1;
        });
  }

  synchronized int count() {
    return count;
  }

  /** All that differed from the one before. */
  synchronized void forEach(Consumer<Snapshot> judge) {
    for (Seen look : seen) {
      SortedMap<String, Row> shown = new TreeMap<>();
      for (int i = 0; i < look.rows().length; i++) {
        Row row = look.rows()[i];
        if (row != null) {
          shown.put(keys.get(i), row);
        }
      }
      judge.accept(new Snapshot(look.cursors(), shown));
    }
  }
}
