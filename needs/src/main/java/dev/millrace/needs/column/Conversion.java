package dev.millrace.needs.column;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * From a JSON value to the value of a column. What passes here every engine can store, so that an
 * event is dead or alive before it meets a batch.
 */
public final class Conversion {
  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

  private static final int LARGEST_EXPONENT = 1000;

  private final ColumnType type;

  public Conversion(ColumnType type) {
    this.type = type;
  }

  /**
   * @param value never missing; JSON null gives null
   * @return of the class that {@link ColumnType} names
   * @throws Misfit when it does not go in without harm
   */
  public @Nullable Object of(JsonNode value) throws Misfit {
    if (value.isNull()) {
      return null;
    }
    return switch (type) {
      case ColumnType.Text text -> text(value);
      case ColumnType.Int32 i -> int32(value);
      case ColumnType.Int64 i -> int64(value);
      case ColumnType.Float64 f -> float64(value);
      case ColumnType.Decimal decimal -> decimal(value, decimal);
      case ColumnType.Bool b -> bool(value);
      case ColumnType.Date date -> date(value);
      case ColumnType.Timestamp timestamp -> timestamp(value);
      case ColumnType.Uuid uuid -> uuid(value);
      case ColumnType.Json json -> json(value);
    };
  }

  /** The value of a narrower column as one of a wider, as far as a column is widened in place. */
  public static @Nullable Object widened(@Nullable Object value, ColumnType to) {
    return value instanceof Integer number && to instanceof ColumnType.Int64
        ? (Object) number.longValue()
        : value;
  }

  private static String text(JsonNode value) throws Misfit {
    return clean(
        value.isTextual()
            ? value.textValue()
            : value.isContainerNode() ? value.toString() : value.asText());
  }

  private static Integer int32(JsonNode value) throws Misfit {
    BigInteger whole = whole(value);
    if (whole.bitLength() > 31) {
      throw new Misfit("OutOfRange", "is beyond the range of integer (32 bits)");
    }
    return whole.intValue();
  }

  private static Long int64(JsonNode value) throws Misfit {
    if (value.isInt() || value.isLong()) {
      return value.longValue();
    }
    BigInteger whole = whole(value);
    if (whole.bitLength() > 63) {
      throw new Misfit("OutOfRange", "is beyond the range of bigint (64 bits)");
    }
    return whole.longValue();
  }

  private static BigInteger whole(JsonNode value) throws Misfit {
    if (value.isIntegralNumber()) {
      return value.bigIntegerValue();
    }
    if (value.isNumber()) {
      try {
        BigDecimal number = value.decimalValue();
        if (Math.abs((long) number.scale()) > LARGEST_EXPONENT) {
          throw new Misfit("OutOfRange", "is a number with too large an exponent");
        }
        return number.toBigIntegerExact();
      } catch (ArithmeticException hasFraction) {
        throw new Misfit("WrongType", "is a number with a fraction, not an integer");
      }
    }
    throw wrongType(value, "an integer");
  }

  private static Double float64(JsonNode value) throws Misfit {
    if (!value.isNumber()) {
      throw wrongType(value, "a number");
    }
    double number = value.doubleValue();
    if (!Double.isFinite(number)) {
      throw new Misfit("OutOfRange", "is beyond the range of double");
    }
    return number;
  }

  private static BigDecimal decimal(JsonNode value, ColumnType.Decimal type) throws Misfit {
    BigDecimal number;
    if (value.isNumber()) {
      number = value.decimalValue();
    } else if (value.isTextual()) {
      number = number(value.textValue());
    } else {
      throw wrongType(value, "a number");
    }
    // Before rounding, or 1e1000000 would be written out in full.
    if ((long) number.precision() - number.scale() > type.precision() - type.scale()) {
      throw new Misfit("OutOfRange", "has more digits than " + type + " holds");
    }
    // So would 1e-1000000, only to be rounded away.
    boolean vanishes = (long) number.precision() - number.scale() < -type.scale();
    BigDecimal rounded =
        (vanishes ? BigDecimal.ZERO : number).setScale(type.scale(), RoundingMode.HALF_UP);
    if (rounded.precision() > type.precision() && rounded.signum() != 0) {
      throw new Misfit("OutOfRange", "has more digits than " + type + " holds");
    }
    return rounded;
  }

  private static BigDecimal number(String text) throws Misfit {
    try {
      if (text.length() > 2000) {
        throw new Misfit("OutOfRange", "is a text of more than 2,000 characters, not a number");
      }
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new Misfit("WrongType", "is a text that is not a number");
    }
  }

  private static Boolean bool(JsonNode value) throws Misfit {
    if (!value.isBoolean()) {
      throw wrongType(value, "true or false");
    }
    return value.booleanValue();
  }

  private static LocalDate date(JsonNode value) throws Misfit {
    if (!value.isTextual()) {
      throw wrongType(value, "a date such as 2026-11-24");
    }
    try {
      LocalDate date = LocalDate.parse(value.textValue());
      if (date.getYear() < 1 || date.getYear() > 9999) {
        throw new Misfit("OutOfRange", "is a date outside the years 1 to 9999");
      }
      return date;
    } catch (DateTimeException e) {
      throw new Misfit("WrongType", "is a text that is no date such as 2026-11-24");
    }
  }

  private static Instant timestamp(JsonNode value) throws Misfit {
    Instant instant;
    if (value.isIntegralNumber()) {
      if (!value.canConvertToLong()) {
        throw new Misfit("OutOfRange", "is a time outside the years 1 to 9999");
      }
      instant = Instant.ofEpochMilli(value.longValue());
    } else if (value.isTextual()) {
      instant = UtcTime.parse(value.textValue());
      if (instant == null) {
        instant = parse(value.textValue());
      }
    } else {
      throw wrongType(value, "a time such as 2026-11-24T10:00:00Z, or milliseconds since 1970");
    }
    if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
      throw new Misfit("OutOfRange", "is a time outside the years 1 to 9999");
    }
    return instant.truncatedTo(ChronoUnit.MICROS);
  }

  /** A time without an offset is taken as UTC: Postgres and most producers mean it so. */
  private static Instant parse(String text) throws Misfit {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException withoutOffset) {
      try {
        return LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
      } catch (DateTimeException e) {
        throw new Misfit("WrongType", "is a text that is no time such as 2026-11-24T10:00:00Z");
      }
    }
  }

  private static UUID uuid(JsonNode value) throws Misfit {
    if (!value.isTextual()) {
      throw wrongType(value, "a UUID");
    }
    try {
      UUID uuid = UUID.fromString(value.textValue());
      if (value.textValue().length() != 36) {
        throw new Misfit("WrongType", "is a text that is no UUID of 36 characters");
      }
      return uuid;
    } catch (IllegalArgumentException e) {
      throw new Misfit("WrongType", "is a text that is no UUID");
    }
  }

  private static String json(JsonNode value) throws Misfit {
    refuseLargeExponents(value);
    String text = value.toString();
    // The escape alone proves nothing: a backslash may itself be escaped.
    if (text.contains("\\u0000")) {
      refuseNull(value);
    }
    return clean(text);
  }

  /** Postgres keeps a number in jsonb as numeric, which ends long before JSON does. */
  private static void refuseLargeExponents(JsonNode value) throws Misfit {
    if (value.isBigDecimal() && Math.abs((long) value.decimalValue().scale()) > LARGEST_EXPONENT) {
      throw new Misfit("OutOfRange", "holds a number with too large an exponent");
    }
    for (JsonNode each : value) {
      refuseLargeExponents(each);
    }
  }

  private static void refuseNull(JsonNode value) throws Misfit {
    if (value.isTextual()) {
      clean(value.textValue());
    }
    if (value.isObject()) {
      for (Iterator<String> names = value.fieldNames(); names.hasNext(); ) {
        clean(names.next());
      }
    }
    for (JsonNode each : value) {
      refuseNull(each);
    }
  }

  static String clean(String text) throws Misfit {
    if (text.indexOf('\0') >= 0) {
      throw new Misfit("ForbiddenCharacter", "holds the character U+0000, which stores refuse");
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return paired(text);
      }
    }
    return text;
  }

  private static String paired(String text) throws Misfit {
    if (text.codePoints().anyMatch(point -> point >= 0xD800 && point <= 0xDFFF)) {
      throw new Misfit("ForbiddenCharacter", "holds half a surrogate pair, which is no text");
    }
    return text;
  }

  private static Misfit wrongType(JsonNode value, String wanted) {
    String is =
        switch (value.getNodeType()) {
          case STRING -> "a text";
          case NUMBER -> "a number";
          case BOOLEAN -> "true or false";
          case OBJECT -> "an object";
          case ARRAY -> "a list";
          case NULL, MISSING, BINARY, POJO -> "nothing";
        };
    return new Misfit("WrongType", "is " + is + ", not " + wanted);
  }
}
