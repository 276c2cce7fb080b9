package dev.millrace.needs.event;

/**
 * A field in the index of an event, packed into 64 bits: an index is kept with each record of a
 * window, so it must be small. What does not fit in is left to {@link TreeReader}.
 *
 * <pre>
 * name's start 19 | name's length 6 | from its end to the value 4 | value's length 19 | kind 3
 *   | how deep 3 | entries within 10
 * </pre>
 *
 * Entries stand in the order of the event; those within an object follow its own.
 */
final class Entry {
  static final int MOST_BYTES = 1 << 19;
  static final int LONGEST_NAME = (1 << 6) - 1;
  static final int WIDEST_GAP = (1 << 4) - 1;
  static final int DEEPEST = (1 << 3) - 1;
  static final int MOST_WITHIN = (1 << 10) - 1;

  static final int TEXT = 0;
  static final int ESCAPED_TEXT = 1;
  static final int INTEGER = 2;
  static final int FLOAT = 3;
  static final int BOOL = 4;
  static final int NULL = 5;
  static final int OBJECT = 6;
  static final int ARRAY = 7;

  private Entry() {}

  static long of(
      int nameStart,
      int nameLength,
      int valueStart,
      int valueEnd,
      int kind,
      int depth,
      int within) {
    return (long) nameStart
        | (long) nameLength << 19
        | (long) (valueStart - nameStart - nameLength) << 25
        | (long) (valueEnd - valueStart) << 29
        | (long) kind << 48
        | (long) depth << 51
        | (long) within << 54;
  }

  static int nameStart(long entry) {
    return (int) entry & (MOST_BYTES - 1);
  }

  static int nameLength(long entry) {
    return (int) (entry >>> 19) & LONGEST_NAME;
  }

  static int valueStart(long entry) {
    return nameStart(entry) + nameLength(entry) + ((int) (entry >>> 25) & WIDEST_GAP);
  }

  static int valueLength(long entry) {
    return (int) (entry >>> 29) & (MOST_BYTES - 1);
  }

  static int kind(long entry) {
    return (int) (entry >>> 48) & 7;
  }

  static int depth(long entry) {
    return (int) (entry >>> 51) & DEEPEST;
  }

  static int within(long entry) {
    return (int) (entry >>> 54);
  }
}
