package dev.millrace.needs.column;

import dev.millrace.needs.schema.FieldType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The spellings of column types, and which field fits which. */
public final class ColumnTypes {
  private static final Pattern DECIMAL =
      Pattern.compile("(?:decimal|numeric)\\s*\\(\\s*(\\d{1,4})\\s*(?:,\\s*(\\d{1,4})\\s*)?\\)");

  /** What a user may write, in the words of docs and messages. */
  public static final List<String> SPELLINGS =
      List.of(
          "text",
          "integer",
          "bigint",
          "double",
          "decimal(p,s)",
          "boolean",
          "date",
          "timestamp",
          "uuid",
          "json");

  private ColumnTypes() {}

  /** Empty when it is no type. Synonyms of SQL and of the plan's canonical form are understood. */
  public static Optional<ColumnType> parse(String spelling) {
    String word = spelling.strip().toLowerCase(Locale.ROOT);
    Matcher decimal = DECIMAL.matcher(word);
    if (decimal.matches()) {
      int precision = Integer.parseInt(decimal.group(1));
      int scale = decimal.group(2) == null ? 0 : Integer.parseInt(decimal.group(2));
      return precision >= 1 && precision <= 1000 && scale <= precision
          ? Optional.of(new ColumnType.Decimal(precision, scale))
          : Optional.empty();
    }
    return Optional.ofNullable(
        switch (word) {
          case "text", "string", "varchar" -> new ColumnType.Text();
          case "int32", "int", "integer" -> new ColumnType.Int32();
          case "int64", "bigint", "long" -> new ColumnType.Int64();
          case "float64", "double", "double precision", "float" -> new ColumnType.Float64();
          case "boolean", "bool" -> new ColumnType.Bool();
          case "date" -> new ColumnType.Date();
          case "timestamp", "timestamptz" -> new ColumnType.Timestamp();
          case "uuid" -> new ColumnType.Uuid();
          case "json", "jsonb" -> new ColumnType.Json();
          default -> null;
        });
  }

  /** The spelling that plans carry; {@link #parse} reads it back. */
  public static String canonical(ColumnType type) {
    return switch (type) {
      case ColumnType.Text text -> "text";
      case ColumnType.Int32 i -> "int32";
      case ColumnType.Int64 i -> "int64";
      case ColumnType.Float64 f -> "float64";
      case ColumnType.Decimal decimal -> decimal.toString();
      case ColumnType.Bool b -> "boolean";
      case ColumnType.Date date -> "date";
      case ColumnType.Timestamp timestamp -> "timestamp";
      case ColumnType.Uuid uuid -> "uuid";
      case ColumnType.Json json -> "json";
    };
  }

  /** The column a field gets when nothing else is said. */
  public static ColumnType natural(FieldType type) {
    return switch (type) {
      case FieldType.Text text ->
          switch (text.format()) {
            case PLAIN -> new ColumnType.Text();
            case DATE_TIME -> new ColumnType.Timestamp();
            case DATE -> new ColumnType.Date();
            case UUID -> new ColumnType.Uuid();
          };
      case FieldType.Int i -> new ColumnType.Int64();
      case FieldType.Number n -> new ColumnType.Float64();
      case FieldType.Bool b -> new ColumnType.Bool();
      case FieldType.Obj obj -> new ColumnType.Json();
      case FieldType.Array array -> new ColumnType.Json();
      case FieldType.Any any -> new ColumnType.Json();
    };
  }

  /**
   * Whether values of the field can become values of the column at all; a single value may still be
   * out of range. An integer becomes a timestamp as milliseconds since 1970.
   */
  public static boolean fits(FieldType field, ColumnType column) {
    return switch (field) {
      case FieldType.Text text ->
          switch (column) {
            case ColumnType.Text t -> true;
            case ColumnType.Json j -> true;
            case ColumnType.Date d -> true;
            case ColumnType.Timestamp t -> true;
            case ColumnType.Uuid u -> true;
            case ColumnType.Int32 i -> false;
            case ColumnType.Int64 i -> false;
            case ColumnType.Float64 f -> false;
            case ColumnType.Decimal d -> true;
            case ColumnType.Bool b -> false;
          };
      case FieldType.Int i ->
          switch (column) {
            case ColumnType.Int32 c -> true;
            case ColumnType.Int64 c -> true;
            case ColumnType.Float64 c -> true;
            case ColumnType.Decimal c -> true;
            case ColumnType.Text c -> true;
            case ColumnType.Json c -> true;
            case ColumnType.Timestamp c -> true;
            case ColumnType.Bool c -> false;
            case ColumnType.Date c -> false;
            case ColumnType.Uuid c -> false;
          };
      case FieldType.Number n ->
          switch (column) {
            case ColumnType.Float64 c -> true;
            case ColumnType.Decimal c -> true;
            case ColumnType.Text c -> true;
            case ColumnType.Json c -> true;
            case ColumnType.Int32 c -> false;
            case ColumnType.Int64 c -> false;
            case ColumnType.Timestamp c -> false;
            case ColumnType.Bool c -> false;
            case ColumnType.Date c -> false;
            case ColumnType.Uuid c -> false;
          };
      case FieldType.Bool b ->
          column instanceof ColumnType.Bool
              || column instanceof ColumnType.Text
              || column instanceof ColumnType.Json;
      case FieldType.Obj obj ->
          column instanceof ColumnType.Json || column instanceof ColumnType.Text;
      case FieldType.Array array ->
          column instanceof ColumnType.Json || column instanceof ColumnType.Text;
      case FieldType.Any any -> true;
    };
  }

  /**
   * Whether a column of the one type may become one of the other without harm to whoever reads it:
   * it stays a number and holds each of the old ones. An integer of 64 bits becomes a double, as it
   * does in Avro, although that rounds those beyond 53 bits.
   */
  public static boolean promotes(ColumnType from, ColumnType to) {
    return switch (from) {
      case ColumnType.Int32 i ->
          to instanceof ColumnType.Int64
              || to instanceof ColumnType.Float64
              || to instanceof ColumnType.Decimal decimal && wholeDigits(decimal) >= 10;
      case ColumnType.Int64 i ->
          to instanceof ColumnType.Float64
              || to instanceof ColumnType.Decimal decimal && wholeDigits(decimal) >= 19;
      case ColumnType.Decimal was ->
          to instanceof ColumnType.Decimal is
              && !is.equals(was)
              && is.scale() >= was.scale()
              && wholeDigits(is) >= wholeDigits(was);
      case ColumnType.Text t -> false;
      case ColumnType.Float64 f -> false;
      case ColumnType.Bool b -> false;
      case ColumnType.Date d -> false;
      case ColumnType.Timestamp t -> false;
      case ColumnType.Uuid u -> false;
      case ColumnType.Json j -> false;
    };
  }

  private static int wholeDigits(ColumnType.Decimal type) {
    return type.precision() - type.scale();
  }
}
