package dev.millrace.needs.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An event as bytes and where its fields are. Values are read from the bytes each time they are
 * asked for; most never are. Immutable.
 *
 * <p>A field is spoken of by its number, from {@link #find}.
 */
public final class IndexedEvent implements Event {
  private static final JsonNodeFactory JSON = JsonNodeFactory.withExactBigDecimals(true);

  /** Any so many digits are within 64 bits. */
  private static final int FITS_LONG = 18;

  /** Any so many digits are a double, and so is ten to the power of {@link #EXACT_POWERS}. */
  private static final int FITS_DOUBLE = 15;

  private static final double[] EXACT_POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };

  private final byte[] bytes;
  private final long[] index;

  IndexedEvent(byte[] bytes, long[] index) {
    this.bytes = bytes;
    this.index = index;
  }

  @Override
  public @Nullable JsonNode at(FieldPath path) {
    int field = find(path);
    return field < 0 ? null : node(field);
  }

  @Override
  public JsonNode tree() {
    return TreeReader.value(bytes, 0, bytes.length);
  }

  /**
   * @return negative when it is absent
   */
  public int find(FieldPath path) {
    int field = -1;
    int from = 0;
    int to = index.length;
    for (int depth = 0; depth < path.names.length; depth++) {
      field = find(path.names[depth], depth, from, to);
      if (field < 0) {
        return -1;
      }
      from = field + 1;
      to = from + Entry.within(index[field]);
    }
    return field;
  }

  private int find(FieldPath.Name name, int depth, int from, int to) {
    int guess = from + name.guess;
    if (guess < to && Entry.depth(index[guess]) == depth && isNamed(index[guess], name.utf8)) {
      return guess;
    }
    for (int i = from; i < to; i += 1 + Entry.within(index[i])) {
      if (isNamed(index[i], name.utf8)) {
        name.guess = i - from;
        return i;
      }
    }
    return -1;
  }

  private boolean isNamed(long entry, byte[] name) {
    if (Entry.nameLength(entry) != name.length) {
      return false;
    }
    int start = Entry.nameStart(entry);
    for (int i = 0; i < name.length; i++) {
      if (bytes[start + i] != name[i]) {
        return false;
      }
    }
    return true;
  }

  private int kind(int field) {
    return Entry.kind(index[field]);
  }

  private int start(int field) {
    return Entry.valueStart(index[field]);
  }

  private int length(int field) {
    return Entry.valueLength(index[field]);
  }

  public boolean isNull(int field) {
    return kind(field) == Entry.NULL;
  }

  public boolean isObject(int field) {
    return kind(field) == Entry.OBJECT;
  }

  public boolean isBoolean(int field) {
    return kind(field) == Entry.BOOL;
  }

  /** Only of a boolean. */
  public boolean isTrue(int field) {
    return bytes[start(field)] == 't';
  }

  public boolean isText(int field) {
    return kind(field) <= Entry.ESCAPED_TEXT;
  }

  /** Only of a text. */
  public String text(int field) {
    return kind(field) == Entry.TEXT
        ? new String(bytes, start(field) + 1, length(field) - 2, StandardCharsets.UTF_8)
        : TreeReader.value(bytes, start(field), length(field)).textValue();
  }

  /** Whether its bytes are its characters, so that bytes may be compared instead. */
  public boolean isPlainText(int field) {
    return kind(field) == Entry.TEXT;
  }

  /** Only of a plain text. */
  public boolean textEquals(int field, byte[] utf8) {
    int start = start(field) + 1;
    return length(field) - 2 == utf8.length
        && Arrays.equals(bytes, start, start + utf8.length, utf8, 0, utf8.length);
  }

  /** Only of a plain text. */
  public boolean textStartsWith(int field, byte[] utf8) {
    int start = start(field) + 1;
    return length(field) - 2 >= utf8.length
        && Arrays.equals(bytes, start, start + utf8.length, utf8, 0, utf8.length);
  }

  /** Only of a plain text. */
  public boolean textEndsWith(int field, byte[] utf8) {
    int end = start(field) + length(field) - 1;
    return length(field) - 2 >= utf8.length
        && Arrays.equals(bytes, end - utf8.length, end, utf8, 0, utf8.length);
  }

  /** An integer of so few digits that it is surely within 64 bits. */
  public boolean isShortInteger(int field) {
    return kind(field) == Entry.INTEGER && length(field) <= FITS_LONG;
  }

  /** Only of a short integer. */
  public long integer(int field) {
    int start = start(field);
    int end = start + length(field);
    boolean negative = bytes[start] == '-';
    long number = 0;
    for (int i = negative ? start + 1 : start; i < end; i++) {
      number = 10 * number + bytes[i] - '0';
    }
    return negative ? -number : number;
  }

  public boolean isNumber(int field) {
    return kind(field) == Entry.INTEGER || kind(field) == Entry.FLOAT;
  }

  /** Only of a number; the nearest double, as of a BigDecimal: never -0.0 for a zero. */
  public double number(int field) {
    if (isShortInteger(field)) {
      return integer(field);
    }
    int start = start(field);
    int end = start + length(field);
    boolean negative = bytes[start] == '-';
    long digits = 0;
    int point = end;
    for (int i = negative ? start + 1 : start; i < end; i++) {
      int b = bytes[i];
      if (b == '.') {
        point = i + 1;
      } else if (b == 'e' || b == 'E') {
        return node(field).doubleValue();
      } else {
        digits = 10 * digits + b - '0';
      }
    }
    if (end - start > FITS_DOUBLE || digits == 0) {
      return node(field).doubleValue();
    }
    // Both are exact, and dividing rounds once.
    double magnitude = digits / EXACT_POWERS[end - point];
    return negative ? -magnitude : magnitude;
  }

  /** As {@link TreeReader} would have made it. */
  public JsonNode node(int field) {
    return switch (kind(field)) {
      case Entry.TEXT, Entry.ESCAPED_TEXT -> JSON.textNode(text(field));
      case Entry.INTEGER -> integerNode(field);
      case Entry.FLOAT -> JSON.numberNode(new BigDecimal(ascii(field)));
      case Entry.BOOL -> BooleanNode.valueOf(isTrue(field));
      case Entry.NULL -> NullNode.getInstance();
      default -> TreeReader.value(bytes, start(field), length(field));
    };
  }

  private JsonNode integerNode(int field) {
    if (!isShortInteger(field)) {
      BigInteger number = new BigInteger(ascii(field));
      return number.bitLength() <= 63
          ? JSON.numberNode(number.longValue())
          : JSON.numberNode(number);
    }
    long number = integer(field);
    return number == (int) number ? JSON.numberNode((int) number) : JSON.numberNode(number);
  }

  private String ascii(int field) {
    return new String(bytes, start(field), length(field), StandardCharsets.ISO_8859_1);
  }

  /**
   * Whether the value is spelt in these very bytes, quotes of a text left out.
   *
   * @param integer it must be an integer, otherwise a text
   */
  public boolean isSpelt(int field, byte[] spelling, boolean integer) {
    if (!integer) {
      return kind(field) == Entry.TEXT && textEquals(field, spelling);
    }
    int start = start(field);
    return kind(field) == Entry.INTEGER
        && length(field) == spelling.length
        && Arrays.equals(bytes, start, start + spelling.length, spelling, 0, spelling.length);
  }
}
