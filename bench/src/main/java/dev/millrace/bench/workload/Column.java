package dev.millrace.bench.workload;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.function.Function;

/**
 * One column of what a query gives.
 *
 * @param value what the store must hold, as {@link Kind} writes it; of a masked one the value that
 *     was masked
 */
public record Column(String name, Kind kind, Function<Bid, String> value) {

  /** How a value lies in a store, and how it is written to be compared. */
  public enum Kind {
    NUMBER("bigint", "type: integer"),
    TEXT("text", "type: string"),
    /** Compared in milliseconds since 1970. */
    TIME("timestamp with time zone", "type: string, format: date-time"),
    /** Three digits behind the point. */
    DECIMAL("numeric(20,3)", ""),
    /** Equal values have equal masks, and nobody else knows more of them. */
    MASK("text", "");

    private final String sql;
    private final String schema;

    Kind(String sql, String schema) {
      this.sql = sql;
      this.schema = schema;
    }
  }

  /** What the schema of a product says of it; empty for one that no event has. */
  String schema() {
    return kind.schema;
  }

  /** What stands in the event, before it is escaped. */
  public String inEvent(Bid bid) {
    return kind == Kind.TIME ? bid.time() : value.apply(bid);
  }

  /** In a statement that makes a table. */
  public String definition() {
    return quoted() + " " + kind.sql;
  }

  public String quoted() {
    return '"' + name + '"';
  }

  /** What Postgres is asked for, to be compared. */
  public String compared() {
    return kind == Kind.TIME ? "(extract(epoch FROM " + quoted() + ") * 1000)::bigint" : quoted();
  }

  /** A text of Redis, to be compared. */
  public String normal(String text) {
    return switch (kind) {
      case NUMBER, TEXT, MASK -> text;
      case TIME -> Long.toString(Instant.parse(text).toEpochMilli());
      case DECIMAL -> new BigDecimal(text).setScale(3).toPlainString();
    };
  }

  static Column number(String name, Function<Bid, Long> value) {
    return new Column(name, Kind.NUMBER, bid -> Long.toString(value.apply(bid)));
  }

  static Column text(String name, Function<Bid, String> value) {
    return new Column(name, Kind.TEXT, value);
  }

  static Column time(String name) {
    return new Column(name, Kind.TIME, bid -> Long.toString(bid.dateTime()));
  }

  /** {@code price} times a factor in thousandths. */
  static Column price(String name, long thousandths) {
    return new Column(
        name,
        Kind.DECIMAL,
        bid -> BigDecimal.valueOf(bid.price() * thousandths, 3).toPlainString());
  }
}
