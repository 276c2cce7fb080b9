package dev.millrace.stores.redis;

import dev.millrace.stores.Batch;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.Fenced;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The cursors that a sink watches, as the store showed them last. */
final class Grip {
  private final long definition;
  private final String owner;
  private final Map<Integer, Cursor> cursors = new TreeMap<>();

  /**
   * @param owner the nonce that was written into every cursor
   */
  Grip(long definition, String owner) {
    this.definition = definition;
    this.owner = owner;
  }

  String owner() {
    return owner;
  }

  Set<Integer> partitions() {
    return Set.copyOf(cursors.keySet());
  }

  Cursor cursor(int partition) {
    return cursors.get(partition);
  }

  /**
   * @param cursor empty when the store has none any more
   */
  void saw(int partition, Optional<Cursor> cursor) {
    cursor.ifPresentOrElse(seen -> cursors.put(partition, seen), () -> cursors.remove(partition));
  }

  Map<Integer, Cursor> cursors() {
    return Map.copyOf(cursors);
  }

  /**
   * @param left where they stood before they were looked at again
   */
  void checkUnmoved(Map<Integer, Cursor> left) throws Fenced {
    for (Cursor cursor : left.values()) {
      Cursor now = cursors.get(cursor.partition());
      if (now == null
          || !now.owner().equals(owner)
          || now.nextOffset() != cursor.nextOffset()
          || !now.counts().equals(cursor.counts())) {
        throw new Fenced("partition " + cursor.partition() + " is not where this holder left it");
      }
    }
  }

  void check(List<Batch.Move> moves) throws Fenced {
    for (Batch.Move move : moves) {
      Cursor cursor = cursors.get(move.partition());
      if (cursor == null) {
        throw new Fenced("partition " + move.partition() + " is not held");
      }
      if (!cursor.owner().equals(owner)) {
        throw new Fenced("partition " + move.partition() + " was taken over");
      }
      if (cursor.definition() != definition) {
        throw new Fenced(
            "the store is at definition " + cursor.definition() + ", not " + definition);
      }
      if (cursor.nextOffset() != move.from()) {
        throw new Fenced(
            "partition "
                + move.partition()
                + " stands at "
                + cursor.nextOffset()
                + ", not at "
                + move.from());
      }
    }
  }
}
