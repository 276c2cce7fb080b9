package dev.millrace.bench.workload;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What is asked of the bids, for a subscription as users write it, and for everybody else.
 *
 * @param filter in CEL; empty for all
 * @param select in YAML, one column a line; empty for all fields
 */
public record Query(
    String name, String filter, String select, Predicate<Bid> passes, List<Column> columns) {

  private static final long LOWEST_BIDDER = 1_000;
  private static final int RANGED_BIDDERS = 4_000;

  private static final List<Column> ALL =
      List.of(
          Column.number("id", Bid::id),
          Column.number("auction", Bid::auction),
          Column.number("bidder", Bid::bidder),
          Column.number("price", Bid::price),
          Column.text("channel", Bid::channel),
          Column.text("url", Bid::url),
          Column.time("dateTime"),
          Column.text("extra", Bid::extra));

  /** Everything. */
  public static final Query Q0 = new Query("q0", "", "", bid -> true, ALL);

  /** 0.8 % of the bids. */
  public static final Query Q2 =
      new Query("q2", "event.auction % 123 == 0", "", bid -> bid.auction() % 123 == 0, ALL);

  /** A quarter of the bids, four columns. */
  public static final Query Q22 =
      new Query(
          "q22",
          "event.price >= 3162278",
          """
          - {field: id, key: true}
          - {field: auction}
          - {field: bidder}
          - {expr: "double(event.price) * 0.908", as: price, type: "decimal(20,3)"}
          """,
          bid -> bid.price() >= 3_162_278,
          List.of(
              Column.number("id", Bid::id),
              Column.number("auction", Bid::auction),
              Column.number("bidder", Bid::bidder),
              Column.price("price", 908)));

  /** Everything, with a filter, three other names, a cast, a mask and a column that is computed. */
  public static final Query SHAPED =
      new Query(
          "shaped",
          "event.price >= 100 && event.channel != ''",
          """
          - {field: id, key: true}
          - {field: auction, as: auction_id}
          - {field: bidder, as: bidder_id}
          - {field: price, type: "decimal(20,3)"}
          - {field: channel, mask: Hash}
          - {field: url}
          - {field: dateTime, as: bid_at}
          - {field: extra}
          - {expr: "double(event.price) * 0.908", as: price_eur, type: "decimal(20,3)"}
          """,
          bid -> true,
          List.of(
              Column.number("id", Bid::id),
              Column.number("auction_id", Bid::auction),
              Column.number("bidder_id", Bid::bidder),
              Column.price("price", 1_000),
              new Column("channel", Column.Kind.MASK, Bid::channel),
              Column.text("url", Bid::url),
              Column.time("bid_at"),
              Column.text("extra", Bid::extra),
              Column.price("price_eur", 908)));

  /** One of so many shares of equal size, all fields. */
  public static Query share(int number, int shares) {
    return new Query(
        "share-" + number,
        "event.auction % " + shares + " == " + number,
        "",
        bid -> bid.auction() % shares == number,
        ALL);
  }

  /** All fields of all events of a form. */
  public static Query of(Form form) {
    return new Query(form.name(), "", "", bid -> true, form.columns());
  }

  /**
   * One of so many ranges of bidders, which get two fifths of the bids together; all fields.
   *
   * @param count of the ranges, at most 4,000
   * @param form of the events, which has the bidder
   */
  public static Query range(int number, int count, Form form) {
    long from = LOWEST_BIDDER + (long) RANGED_BIDDERS * number / count;
    long to = LOWEST_BIDDER + (long) RANGED_BIDDERS * (number + 1) / count;
    return new Query(
        "range-" + number,
        "event.bidder >= " + from + " && event.bidder < " + to,
        "",
        bid -> bid.bidder() >= from && bid.bidder() < to,
        form.columns());
  }

  /** The range that a bid is in; empty when it is in none. */
  public static OptionalInt rangeOf(Bid bid, int count) {
    long place = bid.bidder() - LOWEST_BIDDER;
    return place < RANGED_BIDDERS
        ? OptionalInt.of((int) (((place + 1) * count - 1) / RANGED_BIDDERS))
        : OptionalInt.empty();
  }

  /** How many bids of a stream are in each range, from a number to before another. */
  public static long[] ranges(long seed, long first, long end, int count) {
    long[] counts = new long[count];
    for (long i = first; i < end; i++) {
      rangeOf(Bid.of(seed, i), count).ifPresent(range -> counts[range]++);
    }
    return counts;
  }

  /** How many of the first bids of a stream are in each share. */
  public static long[] sharesOf(long seed, long events, int shares) {
    long[] counts = new long[shares];
    for (long i = 0; i < events; i++) {
      counts[(int) (Bid.of(seed, i).auction() % shares)]++;
    }
    return counts;
  }

  public static Query named(String name) {
    return List.of(Q0, Q2, Q22, SHAPED).stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** How many bids of a stream pass, from a number to before another. */
  public long passing(long seed, long first, long end) {
    long count = 0;
    for (long i = first; i < end; i++) {
      count += passes.test(Bid.of(seed, i)) ? 1 : 0;
    }
    return count;
  }

  /** A statement that makes an empty table for what it gives. */
  public String table(String name) {
    return "CREATE TABLE "
        + name
        + " ("
        + columns.stream().map(Column::definition).collect(Collectors.joining(", "))
        + ", PRIMARY KEY (id))";
  }

  /** In the spec of a subscription, without indentation. */
  public String yaml() {
    return (filter.isEmpty() ? "" : "filter: \"" + filter + "\"\n")
        + (select.isEmpty() ? "" : "select:\n" + select);
  }
}
