package dev.millrace.stores.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.StoreDriver.Page;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Rows for people, the newest first. In Append that is the highest offset. In Upsert it is the
 * latest transaction, for which the whole table is looked through, as long as that costs little. A
 * larger table goes by where rows lie: Postgres puts new versions at the end, unless a row's own
 * page or what vacuum has freed has room for them.
 */
final class Rows {
  private static final Pattern PLACE = Pattern.compile("(\\d{1,18}),(\\d{1,9})");
  private static final Pattern WRITE = Pattern.compile("x(\\d{1,10})(\\(\\d{1,9},\\d{1,4}\\))");

  /** 32 MB of the usual blocks. */
  private static final long LOOKED_THROUGH = 4_096;

  private final Connection connection;
  private final TableShape table;
  private final PipelinePlan plan;

  Rows(Connection connection, PipelinePlan plan) {
    this.connection = connection;
    this.table = TableShape.of(plan);
    this.plan = plan;
  }

  /** Two numbers that order rows: offset and partition, or page and line of a page. */
  private record Place(long major, long minor) {
    @Override
    public String toString() {
      return major + "," + minor;
    }
  }

  Page page(int limit, Optional<String> after) throws SQLException {
    List<Found> found =
        table.append() ? byOffset(limit, after.flatMap(Rows::place)) : upserted(limit, after);
    return new Page(
        found.stream().map(Found::row).toList(),
        found.size() < limit ? Optional.empty() : Optional.of(found.get(found.size() - 1).token()));
  }

  /** How the first page was found, the others are: its token tells. */
  private List<Found> upserted(int limit, Optional<String> after) throws SQLException {
    Optional<Place> place = after.flatMap(Rows::place);
    return place.isEmpty() && pages() <= LOOKED_THROUGH
        ? byWrite(limit, after.map(WRITE::matcher).filter(Matcher::matches))
        : byPlace(limit, place);
  }

  private static Optional<Place> place(String token) {
    Matcher matcher = PLACE.matcher(token);
    return matcher.matches()
        ? Optional.of(new Place(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  private record Found(JsonNode row, String token) {}

  /** The primary key begins with the partition: each gives its newest, and those are merged. */
  private List<Found> byOffset(int limit, Optional<Place> before) throws SQLException {
    String older =
        before
            .map(p -> " AND (_offset, _partition) < (" + p.major() + ", " + p.minor() + ")")
            .orElse("");
    return found(
        "SELECT r._offset || ',' || r._partition, "
            + prefixed("r")
            + " FROM unnest("
            + Quoting.literal(partitions())
            + "::integer[]) p CROSS JOIN LATERAL (SELECT * FROM "
            + table.quoted()
            + " WHERE _partition = p"
            + older
            + " ORDER BY _partition DESC, _offset DESC LIMIT "
            + limit
            + ") r ORDER BY r._offset DESC, r._partition DESC LIMIT "
            + limit);
  }

  private String partitions() {
    ArrayLiteral literal = new ArrayLiteral();
    plan.start().keySet().forEach(literal::add);
    return literal.toString();
  }

  /** The youngest transaction first. By its age: the numbers themselves begin anew some day. */
  private List<Found> byWrite(int limit, Optional<Matcher> before) throws SQLException {
    String older = before.map(Rows::older).orElse("");
    return found(
        "SELECT 'x' || t.xmin || t.ctid::text, "
            + prefixed("t")
            + " FROM "
            + table.quoted()
            + " t WHERE t.ctid = ANY(ARRAY(SELECT ctid FROM "
            + table.quoted()
            + older
            + " ORDER BY age(xmin), ctid DESC LIMIT "
            + limit
            + ")) ORDER BY age(t.xmin), t.ctid DESC");
  }

  private static String older(Matcher token) {
    String write = "'" + (Long.parseLong(token.group(1)) & 0xFFFF_FFFFL) + "'::xid";
    return " WHERE age(xmin) > age(%1$s) OR (xmin = %1$s AND ctid < '%2$s'::tid)"
        .formatted(write, token.group(2));
  }

  /** Reads backwards, in growing strides of pages, until there are enough. */
  private List<Found> byPlace(int limit, Optional<Place> before) throws SQLException {
    long pages = pages();
    Place upper =
        before.filter(p -> p.major() <= pages && p.minor() < 65_536).orElse(new Place(pages, 0));
    long stride = Math.max(4, limit / 16L);
    List<Found> found = new ArrayList<>();
    while (found.size() < limit && (upper.major() > 0 || upper.minor() > 0)) {
      long from = Math.max(0, upper.major() - stride);
      found.addAll(between(new Place(from, 0), upper, limit - found.size()));
      upper = new Place(from, 0);
      stride *= 4;
    }
    return found;
  }

  private List<Found> between(Place from, Place upper, int limit) throws SQLException {
    return found(
        "SELECT trim(t.ctid::text, '()'), "
            + prefixed("t")
            + " FROM "
            + table.quoted()
            + " t WHERE t.ctid >= '("
            + from
            + ")'::tid AND t.ctid < '("
            + upper
            + ")'::tid ORDER BY t.ctid DESC LIMIT "
            + limit);
  }

  private long pages() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT pg_relation_size("
                    + Quoting.literal(table.quoted())
                    + "::regclass) / current_setting('block_size')::bigint")) {
      row.next();
      return row.getLong(1);
    }
  }

  private String prefixed(String alias) {
    return table.columns().stream()
        .map(column -> alias + "." + column.quoted())
        .collect(Collectors.joining(", "));
  }

  private List<Found> found(String sql) throws SQLException {
    List<Found> found = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        found.add(new Found(json(row), row.getString(1)));
      }
    }
    return found;
  }

  private ObjectNode json(ResultSet row) throws SQLException {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    int at = 2;
    for (TableShape.Column column : table.columns()) {
      json.set(column.name(), SqlTypes.json(row, at++, column.type()));
    }
    return json;
  }
}
