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
 */
final class Scanner {
  private static final ThreadLocal<Scanner> OF_THREAD = ThreadLocal.withInitial(Scanner::new);
  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int DEEPEST = 100;

  /** Digits and all; beyond it Jackson has limits of its own. */
  private static final int LONGEST_NUMBER = 300;

  /** An exponent of more digits may be too much for a BigDecimal. */
  private static final int LONGEST_EXPONENT = 4;

  private static final int MOST_ENTRIES = 1 << 14;
  private static final int KEPT_ENTRIES = 1 << 9;

  private static final byte[] NOTHING = {};

  private byte[] bytes = NOTHING;
  private int at;
  private long[] entries = new long[32];
  private int count;
  private final Names names = new Names();
  private int kind;

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
    at = 0;
    count = 0;
    names.clear();
    try {
      expect(next(), '{');
      object(0, true);
      skipSpace();
      return at == bytes.length ? Arrays.copyOf(entries, count) : null;
    } catch (GivenUp | ArrayIndexOutOfBoundsException e) {
      // The end of the array is where a truncated event ends.
      return null;
    } finally {
      bytes = NOTHING;
      if (entries.length > KEPT_ENTRIES) {
        entries = new long[KEPT_ENTRIES];
        names.shrink();
      }
    }
  }

  /** Behind the brace. */
  private void object(int depth, boolean indexed) {
    if (depth > DEEPEST) {
      throw GivenUp.NOW;
    }
    int scope = names.newScope();
    int next = next();
    if (next == '}') {
      return;
    }
    do {
      expect(next, '"');
      field(depth, scope, indexed);
      next = next();
      if (next == '}') {
        return;
      }
      expect(next, ',');
      next = next();
    } while (true);
  }

  private void field(int depth, int scope, boolean indexed) {
    int nameStart = at;
    int hash = name();
    int nameLength = at - 1 - nameStart;
    if (nameLength > Entry.LONGEST_NAME || !names.add(bytes, nameStart, nameLength, hash, scope)) {
      throw GivenUp.NOW;
    }
    expect(next(), ':');
    skipSpace();
    int valueStart = at;
    if (!indexed) {
      value(depth, false);
      return;
    }
    int entry = count++;
    if (entry == entries.length) {
      grow();
    }
    value(depth, true);
    int within = count - entry - 1;
    if (valueStart - nameStart - nameLength > Entry.WIDEST_GAP
        || depth > Entry.DEEPEST
        || within > Entry.MOST_WITHIN) {
      throw GivenUp.NOW;
    }
    entries[entry] = Entry.of(nameStart, nameLength, valueStart, at, kind, depth, within);
  }

  private void grow() {
    if (count > MOST_ENTRIES) {
      throw GivenUp.NOW;
    }
    entries = Arrays.copyOf(entries, entries.length * 2);
  }

  /** A name with an escape could be spelt in two ways, so it is left to the tree. */
  private int name() {
    byte[] in = bytes;
    int i = at;
    int hash = 0;
    while (true) {
      int b = in[i++];
      if (b == '"') {
        at = i;
        return hash;
      }
      if (b < ' ' || b == '\\') {
        if (b >= 0) {
          throw GivenUp.NOW;
        }
        int start = i - 1;
        i = pastCharacter(in, start);
        for (int k = start; k < i; k++) {
          hash = 31 * hash + in[k];
        }
      } else {
        hash = 31 * hash + b;
      }
    }
  }

  private void value(int depth, boolean indexed) {
    int b = bytes[at++];
    switch (b) {
      case '"' -> kind = text() ? Entry.ESCAPED_TEXT : Entry.TEXT;
      case '{' -> {
        object(depth + 1, indexed);
        kind = Entry.OBJECT;
      }
      case '[' -> {
        array(depth + 1);
        kind = Entry.ARRAY;
      }
      case 't' -> word('r', 'u', 'e', Entry.BOOL);
      case 'f' -> {
        expect(bytes[at++], 'a');
        word('l', 's', 'e', Entry.BOOL);
      }
      case 'n' -> word('u', 'l', 'l', Entry.NULL);
      default -> number(b);
    }
  }

  private void array(int depth) {
    if (depth > DEEPEST) {
      throw GivenUp.NOW;
    }
    skipSpace();
    if (bytes[at] == ']') {
      at++;
      return;
    }
    while (true) {
      skipSpace();
      value(depth, false);
      int next = next();
      if (next == ']') {
        return;
      }
      expect(next, ',');
    }
  }

  private void word(char second, char third, char fourth, int as) {
    expect(bytes[at], second);
    expect(bytes[at + 1], third);
    expect(bytes[at + 2], fourth);
    at += 3;
    kind = as;
  }

  private void number(int first) {
    int start = at - 1;
    int b = first == '-' ? bytes[at++] : first;
    if (b == '0') {
      b = bytes[at++];
    } else {
      if (b < '1' || b > '9') {
        throw GivenUp.NOW;
      }
      b = pastDigits();
    }
    kind = Entry.INTEGER;
    if (b == '.') {
      b = fraction();
      kind = Entry.FLOAT;
    }
    if (b == 'e' || b == 'E') {
      exponent();
      kind = Entry.FLOAT;
    }
    at--;
    if (at - start > LONGEST_NUMBER) {
      throw GivenUp.NOW;
    }
  }

  /** The first byte that is none; {@link #at} is behind it. */
  private int pastDigits() {
    int b;
    do {
      b = bytes[at++];
    } while (b >= '0' && b <= '9');
    return b;
  }

  private int fraction() {
    int start = at;
    int b = pastDigits();
    if (at - start < 2) {
      throw GivenUp.NOW;
    }
    return b;
  }

  private void exponent() {
    int sign = bytes[at];
    if (sign == '+' || sign == '-') {
      at++;
    }
    int start = at;
    pastDigits();
    int digits = at - start - 1;
    if (digits < 1 || digits > LONGEST_EXPONENT) {
      throw GivenUp.NOW;
    }
  }

  /** Behind the quote; whether there are escapes in it. */
  private boolean text() {
    byte[] in = bytes;
    int i = at;
    boolean escaped = false;
    while (true) {
      while (i + 8 <= in.length && isPlain((long) EIGHT_BYTES.get(in, i))) {
        i += 8;
      }
      int b = in[i++];
      if (b == '"') {
        at = i;
        return escaped;
      }
      if (b == '\\') {
        escaped = true;
        i = pastEscape(in, i);
      } else if (b < ' ') {
        if (b >= 0) {
          throw GivenUp.NOW;
        }
        i = pastCharacter(in, i - 1);
      }
    }
  }

  /** Eight bytes of which none is a quote, a backslash, a control character or beyond ASCII. */
  private static boolean isPlain(long eight) {
    long ones = 0x0101010101010101L;
    long quote = eight ^ ones * '"';
    long backslash = eight ^ ones * '\\';
    long found = (quote - ones) & ~quote | (backslash - ones) & ~backslash | (eight - ones * ' ');
    return ((found | eight) & ones << 7) == 0;
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

  /** The next byte that is no space, taken. */
  private int next() {
    skipSpace();
    return bytes[at++];
  }

  private void skipSpace() {
    byte[] in = bytes;
    int i = at;
    while (i < in.length && (in[i] == ' ' || in[i] == '\n' || in[i] == '\r' || in[i] == '\t')) {
      i++;
    }
    at = i;
  }

  private static void expect(int b, int wanted) {
    if (b != wanted) {
      throw GivenUp.NOW;
    }
  }
}
