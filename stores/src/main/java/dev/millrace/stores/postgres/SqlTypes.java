package dev.millrace.stores.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.millrace.api.Json;
import dev.millrace.needs.column.ColumnType;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How Postgres keeps each type of column, and how a value is read back. */
final class SqlTypes {
  private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);

  private SqlTypes() {}

  static String name(ColumnType type) {
    return switch (type) {
      case ColumnType.Text text -> "text";
      case ColumnType.Int32 i -> "integer";
      case ColumnType.Int64 i -> "bigint";
      case ColumnType.Float64 f -> "double precision";
      case ColumnType.Decimal decimal ->
          "numeric(" + decimal.precision() + "," + decimal.scale() + ")";
      case ColumnType.Bool b -> "boolean";
      case ColumnType.Date date -> "date";
      case ColumnType.Timestamp timestamp -> "timestamp with time zone";
      case ColumnType.Uuid uuid -> "uuid";
      case ColumnType.Json json -> "jsonb";
    };
  }

  /** What ALTER COLUMN TYPE does in the catalogue alone, neither table nor index being written. */
  static boolean widens(ColumnType from, ColumnType to) {
    return from instanceof ColumnType.Decimal was
        && to instanceof ColumnType.Decimal is
        && was.scale() == is.scale()
        && was.precision() < is.precision();
  }

  /**
   * What one value takes of a page at least, in bytes; a long text moves out to a pointer of 18.
   */
  static int leastBytes(ColumnType type) {
    return switch (type) {
      case ColumnType.Bool b -> 1;
      case ColumnType.Int32 i -> 4;
      case ColumnType.Date date -> 4;
      case ColumnType.Int64 i -> 8;
      case ColumnType.Float64 f -> 8;
      case ColumnType.Timestamp timestamp -> 8;
      case ColumnType.Uuid uuid -> 16;
      case ColumnType.Decimal decimal -> 18;
      case ColumnType.Text text -> 18;
      case ColumnType.Json json -> 18;
    };
  }

  /** Of the class that {@link ColumnType} names; null for SQL null. */
  static @Nullable Object value(ResultSet row, int at, ColumnType type) throws SQLException {
    Object value =
        switch (type) {
          case ColumnType.Text text -> row.getString(at);
          case ColumnType.Int32 i -> row.getInt(at);
          case ColumnType.Int64 i -> row.getLong(at);
          case ColumnType.Float64 f -> row.getDouble(at);
          case ColumnType.Decimal decimal -> row.getBigDecimal(at);
          case ColumnType.Bool b -> row.getBoolean(at);
          case ColumnType.Date date -> row.getObject(at, LocalDate.class);
          case ColumnType.Timestamp timestamp -> instant(row.getObject(at, OffsetDateTime.class));
          case ColumnType.Uuid uuid -> row.getObject(at, UUID.class);
          case ColumnType.Json json -> row.getString(at);
        };
    return row.wasNull() ? null : value;
  }

  static JsonNode json(ResultSet row, int at, ColumnType type) throws SQLException {
    Object value = value(row, at, type);
    if (value == null) {
      return NODES.nullNode();
    }
    return switch (type) {
      case ColumnType.Int32 i -> NODES.numberNode((Integer) value);
      case ColumnType.Int64 i -> NODES.numberNode((Long) value);
      case ColumnType.Float64 f -> NODES.numberNode((Double) value);
      case ColumnType.Decimal decimal -> NODES.numberNode((BigDecimal) value);
      case ColumnType.Bool b -> NODES.booleanNode((Boolean) value);
      case ColumnType.Json json -> parsed((String) value);
      case ColumnType.Text text -> NODES.textNode((String) value);
      case ColumnType.Date date -> NODES.textNode(value.toString());
      case ColumnType.Timestamp timestamp -> NODES.textNode(value.toString());
      case ColumnType.Uuid uuid -> NODES.textNode(value.toString());
    };
  }

  private static JsonNode parsed(String json) {
    try {
      return Json.STRICT.readTree(json);
    } catch (JsonProcessingException neverFromJsonb) {
      throw new IllegalStateException(neverFromJsonb);
    }
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
