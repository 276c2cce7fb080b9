package dev.millrace.needs.transform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.column.ColumnType;
import dev.millrace.needs.column.ColumnTypes;
import dev.millrace.needs.column.Conversion;
import dev.millrace.needs.column.Misfit;
import dev.millrace.needs.event.Event;
import dev.millrace.needs.event.FieldPath;
import dev.millrace.needs.event.IndexedEvent;
import dev.millrace.needs.schema.FieldType;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * From a record key to the store's key. A tombstone carries nothing else, so this must work without
 * the event, and two record keys must never meet in one store key.
 */
final class KeyReader {
  private static final int LONGEST_NUMBER = 40;

  /** Any 18 characters are within 64 bits. */
  private static final int FITS_LONG = 18;

  private final String field;
  private final FieldPath path;
  private final boolean integer;
  private final ColumnType type;
  private final Conversion conversion;
  private final Mask mask;
  private final boolean masked;

  private KeyReader(String field, boolean integer, ColumnType type, Mask mask, boolean masked) {
    this.field = field;
    this.path = FieldPath.of(List.of(field));
    this.integer = integer;
    this.type = type;
    this.conversion = new Conversion(type);
    this.mask = mask;
    this.masked = masked;
  }

  static KeyReader compile(
      PipelinePlan.Column column, FieldType type, String field, Optional<byte[]> hashKey)
      throws PlanRejected {
    return new KeyReader(
        field,
        type instanceof FieldType.Int,
        ColumnTypes.parse(column.type())
            .orElseThrow(() -> new PlanRejected("unknown key type " + column.type())),
        Mask.named(column.mask(), hashKey),
        !column.mask().equals("None"));
  }

  /** The record key is not what the product says it is. */
  static final class KeyFailed extends Exception {
    private static final long serialVersionUID = 1L;
    private final String code;

    KeyFailed(String code, String message) {
      super(message, null, false, false);
      this.code = code;
    }

    String code() {
      return code;
    }
  }

  /**
   * That {@link #of} will have a key. Most events leave at their filter and need none, so for the
   * usual this is told without making it.
   */
  void check(byte[] recordKey) throws KeyFailed {
    if (!canBeUsual() || !isUsual(recordKey)) {
      of(recordKey);
    }
  }

  /** Whether there are keys that are told right, and their digest, without making them. */
  boolean canBeUsual() {
    return integer ? type instanceof ColumnType.Int64 : type instanceof ColumnType.Text;
  }

  /** Only where there can be such keys. */
  boolean isUsual(byte[] recordKey) {
    return integer ? isShortNumber(recordKey) : isShortAscii(recordKey);
  }

  boolean isMasked() {
    return masked;
  }

  /** Of a usual key that is not masked. */
  long digest(byte[] recordKey) {
    return integer ? StoreKey.digest(shortNumber(recordKey)) : StoreKey.digest(recordKey);
  }

  /** Whether the same keys are usual, and have the same digests. */
  boolean isLike(KeyReader other) {
    return integer == other.integer && field.equals(other.field);
  }

  private static boolean isShortNumber(byte[] key) {
    if (key.length == 0 || key.length > FITS_LONG || (key[0] == '0' && key.length > 1)) {
      return false;
    }
    for (byte b : key) {
      if (b < '0' || b > '9') {
        return false;
      }
    }
    return true;
  }

  private static boolean isShortAscii(byte[] key) {
    for (byte b : key) {
      if (b <= 0) {
        return false;
      }
    }
    return key.length <= IndexLimit.SURELY_FITS;
  }

  StoreKey of(byte[] recordKey) throws KeyFailed {
    if (integer && type instanceof ColumnType.Int64 && isShortNumber(recordKey)) {
      return new StoreKey(shortNumber(recordKey));
    }
    String text = text(recordKey);
    JsonNode node = integer ? number(text) : JsonNodeFactory.instance.textNode(text);
    try {
      Object value = Objects.requireNonNull(conversion.of(node));
      return new StoreKey(value instanceof String s ? indexable(mask.of(s)) : value);
    } catch (Misfit e) {
      throw new KeyFailed(e.code(), "the record key " + e.getMessage());
    }
  }

  private static long shortNumber(byte[] key) {
    long number = 0;
    for (byte b : key) {
      number = 10 * number + b - '0';
    }
    return number;
  }

  private static String indexable(String key) throws KeyFailed {
    if (!IndexLimit.holds(key)) {
      throw new KeyFailed("OutOfRange", "the record key is longer than 2,000 bytes");
    }
    return key;
  }

  /** The event's own key field must say the same as the record key. */
  void agree(byte[] recordKey, Event event) throws KeyFailed {
    if (event instanceof IndexedEvent indexed && isSpeltAlike(recordKey, indexed)) {
      return;
    }
    JsonNode value = event.at(path);
    if (value == null || value.isNull()) {
      throw new KeyFailed("KeyMissing", "the key field " + field + " is absent or null");
    }
    boolean right = integer ? value.isIntegralNumber() : value.isTextual();
    if (!right) {
      throw new KeyFailed(
          "WrongType", "the key field " + field + " is not " + (integer ? "an integer" : "a text"));
    }
    if (!value.asText().equals(text(recordKey))) {
      throw new KeyFailed("KeyMismatch", "the record key differs from the key field " + field);
    }
  }

  /** As nearly all are. The record key has been read, so it is well formed. */
  boolean isSpeltAlike(byte[] recordKey, IndexedEvent event) {
    int found = event.find(path);
    return found >= 0 && event.isSpelt(found, recordKey, integer);
  }

  private static String text(byte[] recordKey) throws KeyFailed {
    for (byte b : recordKey) {
      if (b < 0) {
        return decoded(recordKey);
      }
    }
    return new String(recordKey, StandardCharsets.ISO_8859_1);
  }

  private static String decoded(byte[] recordKey) throws KeyFailed {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(recordKey)).toString();
    } catch (CharacterCodingException e) {
      throw new KeyFailed("KeyUnreadable", "the record key is not UTF-8");
    }
  }

  /** Only the plain form: 007 and 7 are two record keys and would be one number. */
  private static JsonNode number(String text) throws KeyFailed {
    if (!isPlain(text)) {
      throw new KeyFailed("KeyUnreadable", "the record key is not an integer in plain digits");
    }
    return text.length() <= FITS_LONG
        ? JsonNodeFactory.instance.numberNode(Long.parseLong(text))
        : JsonNodeFactory.instance.numberNode(new BigInteger(text));
  }

  private static boolean isPlain(String text) {
    int first = text.startsWith("-") ? 1 : 0;
    if (text.length() == first || text.length() > LONGEST_NUMBER) {
      return false;
    }
    for (int i = first; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return text.charAt(first) != '0' || text.equals("0");
  }
}
