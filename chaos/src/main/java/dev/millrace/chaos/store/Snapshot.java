package dev.millrace.chaos.store;

import dev.millrace.chaos.load.Row;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a store held at one moment: all of it was there at the same time.
 *
 * @param cursors by partition
 */
public record Snapshot(Cursor[] cursors, SortedMap<String, Row> rows) {

  /**
   * One partition's cursor row.
   *
   * @param definition of the subscription, which grows with each that leaves other content
   */
  public record Cursor(
      long definition,
      long next,
      long read,
      long applied,
      long filtered,
      long deadLettered,
      long skipped) {

    boolean adds() {
      return read == applied + filtered + deadLettered + skipped;
    }
  }

  public long[] next() {
    return Arrays.stream(cursors).mapToLong(Cursor::next).toArray();
  }

  /** More than one is a mixture. */
  public SortedSet<Long> definitions() {
    SortedSet<Long> definitions = new TreeSet<>();
    for (Cursor cursor : cursors) {
      definitions.add(cursor.definition());
    }
    return definitions;
  }

  /** Whether each partition's counts say where each event went. */
  public boolean accounts() {
    return Arrays.stream(cursors).allMatch(Cursor::adds);
  }

  public long read() {
    return Arrays.stream(cursors).mapToLong(Cursor::read).sum();
  }

  public long deadLettered() {
    return Arrays.stream(cursors).mapToLong(Cursor::deadLettered).sum();
  }
}
