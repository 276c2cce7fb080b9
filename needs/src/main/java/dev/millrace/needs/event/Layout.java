package dev.millrace.needs.event;

import java.util.Arrays;

/**
 * The names of an event that was scanned before, in their order: most events of a stream are made
 * alike. As long as an event follows it, its names need not be looked up one by one.
 */
final class Layout {
  /** So many in a row that differ, and it is learnt anew. */
  private static final int PATIENCE = 4;

  private static final int MOST_FIELDS = 1 << 9;

  private byte[][] names = {};
  private int[] depths = {};
  private int misses = PATIENCE;

  /**
   * Where the quote behind the name is.
   *
   * @return -1 when it is another, or has another place
   */
  int nameEnd(byte[] event, int start, int field, int depth) {
    if (field >= names.length || depths[field] != depth) {
      return -1;
    }
    byte[] name = names[field];
    int end = start + name.length;
    if (end >= event.length || event[end] != '"') {
      return -1;
    }
    for (int i = 0; i < name.length; i++) {
      if (event[start + i] != name[i]) {
        return -1;
      }
    }
    return end;
  }

  /** An event in which no name stands twice in one object. */
  void met(boolean alike, byte[] event, long[] entries, int count) {
    if (alike) {
      misses = 0;
    } else if (++misses > PATIENCE && count <= MOST_FIELDS) {
      misses = 0;
      learn(event, entries, count);
    }
  }

  private void learn(byte[] event, long[] entries, int count) {
    names = new byte[count][];
    depths = new int[count];
    for (int i = 0; i < count; i++) {
      int start = Entry.nameStart(entries[i]);
      names[i] = Arrays.copyOfRange(event, start, start + Entry.nameLength(entries[i]));
      depths[i] = Entry.depth(entries[i]);
    }
  }
}
