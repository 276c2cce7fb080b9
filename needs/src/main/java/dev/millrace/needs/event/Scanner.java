package dev.millrace.needs.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every byte of an event once: says that it is a JSON object, and where its fields are.
 *
 * <p>It may give up, never err. What it accepts, {@link TreeReader} accepts with the same values
 * ({@code ScannerTest} holds them against each other on millions of broken events); for whatever is
 * wrong, large or spelt in an unusual way it has no index, and the tree decides. So which events
 * are dead, and with what words, is written down once.
 *
 * <p>Methods take the position they begin at and return the one behind what they passed: kept in a
 * field instead, it would be written to memory for each byte.
 */
final class Scanner {
  private static final ThreadLocal<Scanner> OF_THREAD = ThreadLocal.withInitial(Scanner::new);
  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final byte[] NOTHING = {};

  private static final int DEEPEST = 100;

  /** Before and behind the point; far beyond, Jackson reads numbers in another way. */
  private static final int LONGEST_NUMBER = 200;

  /** An exponent of more digits may be too much for a BigDecimal. */
  private static final int LONGEST_EXPONENT = 4;

  private static final int MOST_ENTRIES = 1 << 14;
  private static final int KEPT_ENTRIES = 1 << 9;

  private byte[] bytes = NOTHING;
  private long[] entries = new long[32];
  private int count;
  private int kind;
  private final Names names = new Names();
  private final Layout layout = new Layout();

  /** All fields so far stand as those of the layout, whose names are known to differ. */
  private boolean alike;

  private Scanner() {}

  /** Thrown instead of returned through all levels; without a stack, so it costs little. */
  private static final class GivenUp extends RuntimeException {
    private static final long serialVersionUID = 1L;
    static final GivenUp NOW = new GivenUp();

    private GivenUp() {
      super(null, null, false, false);
    }
  }

  /** {@link Entry Entries}; null when the tree must decide. */
  static long @Nullable [] index(byte[] bytes) {
    return bytes.length >= Entry.MOST_BYTES ? null : OF_THREAD.get().scan(bytes);
  }

  private long @Nullable [] scan(byte[] event) {
    bytes = event;
    count = 0;
    alike = true;
    names.clear();
    try {
      int at = pastSpace(event, 0);
      expect(event[at], '{');
      at = object(at + 1, 0, 0, true);
      if (pastSpace(event, at) < event.length) {
        return null;
      }
      layout.met(alike, event, entries, count);
      return Arrays.copyOf(entries, count);
    } catch (GivenUp | ArrayIndexOutOfBoundsException e) {
      // The end of the array is where a truncated event ends.
      return null;
    } finally {
      bytes = NOTHING;
      if (entries.length > KEPT_ENTRIES) {
        entries = new long[KEPT_ENTRIES];
      }
      names.shrink();
    }
  }

  /** Behind the brace. */
  private int object(int at, int depth, int scope, boolean indexed) {
    byte[] in = bytes;
    if (depth > DEEPEST) {
      throw GivenUp.NOW;
    }
    at = pastSpace(in, at);
    if (in[at] == '}') {
      return at + 1;
    }
    while (true) {
      expect(in[at], '"');
      at = indexed ? field(at + 1, depth, scope) : hiddenField(at + 1, depth, scope);
      at = pastSpace(in, at);
      if (in[at] == '}') {
        return at + 1;
      }
      expect(in[at], ',');
      at = pastSpace(in, at + 1);
    }
  }

  private int field(int nameStart, int depth, int scope) {
    byte[] in = bytes;
    int entry = count++;
    if (entry == entries.length) {
      grow();
    }
    int nameEnd = alike ? layout.nameEnd(in, nameStart, entry, depth) : -1;
    if (nameEnd < 0) {
      if (alike) {
        differ(entry);
      }
      nameEnd = name(nameStart, scope);
    }
    int nameLength = nameEnd - nameStart;
    entries[entry] = Entry.of(nameStart, nameLength, nameEnd, nameEnd, 0, depth, 0);
    int valueStart = valueStart(nameEnd);
    int end = value(valueStart, depth, entry + 1, true);
    int within = count - entry - 1;
    if (valueStart - nameEnd > Entry.WIDEST_GAP
        || depth > Entry.DEEPEST
        || within > Entry.MOST_WITHIN) {
      throw GivenUp.NOW;
    }
    entries[entry] = Entry.of(nameStart, nameLength, valueStart, end, kind, depth, within);
    return end;
  }

  /** Of an object in a list; nobody asks for it by its name. */
  private int hiddenField(int nameStart, int depth, int scope) {
    int nameEnd = name(nameStart, scope);
    return value(valueStart(nameEnd), depth, 0, false);
  }

  /** From the quote that ends the name. */
  private int valueStart(int nameEnd) {
    byte[] in = bytes;
    int at = pastSpace(in, nameEnd + 1);
    expect(in[at], ':');
    return pastSpace(in, at + 1);
  }

  /** From here on names have to be compared, those so far as well. */
  private void differ(int entry) {
    alike = false;
    int[] parents = new int[Entry.DEEPEST + 2];
    for (int i = 0; i < entry; i++) {
      int depth = Entry.depth(entries[i]);
      int start = Entry.nameStart(entries[i]);
      addName(start, start + Entry.nameLength(entries[i]), parents[depth]);
      parents[depth + 1] = i + 1;
    }
  }

  private void grow() {
    if (count > MOST_ENTRIES) {
      throw GivenUp.NOW;
    }
    entries = Arrays.copyOf(entries, entries.length * 2);
  }

  /**
   * The quote behind it. A name with an escape could be spelt in two ways, so it is left to the
   * tree.
   */
  private int name(int start, int scope) {
    byte[] in = bytes;
    int at = start;
    while (in[at] != '"') {
      if (in[at] < 0) {
        at = pastCharacter(in, at);
      } else if (in[at] < ' ' || in[at] == '\\') {
        throw GivenUp.NOW;
      } else {
        at++;
      }
    }
    addName(start, at, scope);
    return at;
  }

  private void addName(int start, int end, int scope) {
    if (end - start > Entry.LONGEST_NAME || !names.add(bytes, start, end - start, scope)) {
      throw GivenUp.NOW;
    }
  }

  /**
   * @param scope of the names in it, should it be an object that is indexed
   */
  private int value(int at, int depth, int scope, boolean indexed) {
    byte[] in = bytes;
    switch (in[at]) {
      case '"' -> {
        return text(in, at + 1);
      }
      case '{' -> {
        int end = object(at + 1, depth + 1, indexed ? scope : names.newScope(), indexed);
        kind = Entry.OBJECT;
        return end;
      }
      case '[' -> {
        int end = array(at + 1, depth + 1);
        kind = Entry.ARRAY;
        return end;
      }
      case 't' -> {
        return word(in, at, "true", Entry.BOOL);
      }
      case 'f' -> {
        return word(in, at, "false", Entry.BOOL);
      }
      case 'n' -> {
        return word(in, at, "null", Entry.NULL);
      }
      default -> {
        return number(in, at);
      }
    }
  }

  private int array(int at, int depth) {
    byte[] in = bytes;
    if (depth > DEEPEST) {
      throw GivenUp.NOW;
    }
    at = pastSpace(in, at);
    if (in[at] == ']') {
      return at + 1;
    }
    while (true) {
      at = pastSpace(in, value(at, depth, 0, false));
      if (in[at] == ']') {
        return at + 1;
      }
      expect(in[at], ',');
      at = pastSpace(in, at + 1);
    }
  }

  private int word(byte[] in, int at, String word, int as) {
    for (int i = 1; i < word.length(); i++) {
      expect(in[at + i], word.charAt(i));
    }
    kind = as;
    return at + word.length();
  }

  private int number(byte[] in, int start) {
    int at = in[start] == '-' ? start + 1 : start;
    if (in[at] == '0') {
      at++;
    } else {
      at = pastDigits(in, at, LONGEST_NUMBER);
    }
    int as = Entry.INTEGER;
    if (in[at] == '.') {
      at = pastDigits(in, at + 1, LONGEST_NUMBER);
      as = Entry.FLOAT;
    }
    if (in[at] == 'e' || in[at] == 'E') {
      at = in[at + 1] == '+' || in[at + 1] == '-' ? at + 2 : at + 1;
      at = pastDigits(in, at, LONGEST_EXPONENT);
      as = Entry.FLOAT;
    }
    kind = as;
    return at;
  }

  /** At least one. */
  private static int pastDigits(byte[] in, int start, int most) {
    int at = start;
    while (in[at] >= '0' && in[at] <= '9') {
      at++;
    }
    if (at == start || at - start > most) {
      throw GivenUp.NOW;
    }
    return at;
  }

  /** Behind the quote. */
  private int text(byte[] in, int start) {
    int at = start;
    int as = Entry.TEXT;
    while (true) {
      at = pastPlain(in, at);
      int b = in[at++];
      if (b == '"') {
        kind = as;
        return at;
      }
      if (b == '\\') {
        as = Entry.ESCAPED_TEXT;
        at = pastEscape(in, at);
      } else if (b < ' ') {
        if (b >= 0) {
          throw GivenUp.NOW;
        }
        at = pastCharacter(in, at - 1);
      }
    }
  }

  /**
   * Past bytes, eight at a time, that are no quote, no backslash, no control character and not
   * beyond ASCII. (A borrow of the subtractions runs upwards only, past the first that is found.)
   */
  private static int pastPlain(byte[] in, int start) {
    long ones = 0x0101010101010101L;
    int at = start;
    for (; at + 8 <= in.length; at += 8) {
      long eight = (long) EIGHT_BYTES.get(in, at);
      long quote = eight ^ ones * '"';
      long backslash = eight ^ ones * '\\';
      long found =
          ((quote - ones) & ~quote | (backslash - ones) & ~backslash | (eight - ones * ' ') | eight)
              & ones << 7;
      if (found != 0) {
        return at + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    return at;
  }

  private static int pastEscape(byte[] in, int at) {
    switch (in[at]) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
        return at + 1;
      }
      case 'u' -> {
        for (int i = at + 1; i < at + 5; i++) {
          if (Character.digit(in[i], 16) < 0) {
            throw GivenUp.NOW;
          }
        }
        return at + 5;
      }
      default -> throw GivenUp.NOW;
    }
  }

  /** Of more than one byte, in the shortest form, and no half of a pair. */
  private static int pastCharacter(byte[] in, int at) {
    int first = in[at] & 0xFF;
    int second = in[at + 1] & 0xFF;
    if (first >= 0xC2 && first <= 0xDF) {
      return follows(second) ? at + 2 : giveUp();
    }
    int third = in[at + 2] & 0xFF;
    if (first >= 0xE0 && first <= 0xEF) {
      boolean right =
          follows(second)
              && follows(third)
              && (first != 0xE0 || second >= 0xA0)
              && (first != 0xED || second <= 0x9F);
      return right ? at + 3 : giveUp();
    }
    boolean right =
        first >= 0xF0
            && first <= 0xF4
            && follows(second)
            && follows(third)
            && follows(in[at + 3] & 0xFF)
            && (first != 0xF0 || second >= 0x90)
            && (first != 0xF4 || second <= 0x8F);
    return right ? at + 4 : giveUp();
  }

  private static boolean follows(int b) {
    return (b & 0xC0) == 0x80;
  }

  private static int giveUp() {
    throw GivenUp.NOW;
  }

  private static int pastSpace(byte[] in, int at) {
    while (at < in.length && in[at] <= ' ' && isSpace(in[at])) {
      at++;
    }
    return at;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private static void expect(int b, int wanted) {
    if (b != wanted) {
      throw GivenUp.NOW;
    }
  }
}
