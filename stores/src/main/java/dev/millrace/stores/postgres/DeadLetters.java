package dev.millrace.stores.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.millrace.api.correction.EventPlace;
import dev.millrace.needs.transform.Outcome;
import dev.millrace.stores.Batch;
import dev.millrace.stores.StoreDriver.Page;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A subscription's dead letters for people, the newest first. */
final class DeadLetters {
  /** Microseconds, partition, offset. */
  private static final Pattern PLACE = Pattern.compile("(\\d{1,17}),(\\d{1,9}),(\\d{1,18})");

  private final Connection connection;
  private final String uid;

  DeadLetters(Connection connection, String uid) {
    this.connection = connection;
    this.uid = uid;
  }

  Page page(int limit, Optional<String> after) throws SQLException {
    Matcher place = PLACE.matcher(after.orElse(""));
    boolean first = !place.matches();
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT partition, "offset", code, field, message, excerpt, at,
                   (extract(epoch FROM at) * 1000000)::bigint
            FROM millrace.dead_letter WHERE subscription = ?
              AND (? OR (at, partition, "offset") <
                   (timestamptz 'epoch' + ?::bigint * interval '1 microsecond', ?, ?))
            ORDER BY at DESC, partition DESC, "offset" DESC LIMIT ?\
            """)) {
      select.setString(1, uid);
      select.setBoolean(2, first);
      select.setLong(3, first ? 0 : Long.parseLong(place.group(1)));
      select.setInt(4, first ? 0 : Integer.parseInt(place.group(2)));
      select.setLong(5, first ? 0 : Long.parseLong(place.group(3)));
      select.setInt(6, limit);
      return page(select, limit);
    }
  }

  /** Those of these events, as far as there are. */
  List<JsonNode> at(Collection<EventPlace> places) throws SQLException {
    List<JsonNode> letters = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT l.partition, l."offset", code, field, message, excerpt, at
            FROM millrace.dead_letter l
            JOIN unnest(?::integer[], ?::bigint[]) AS p(partition, at_offset)
              ON l.partition = p.partition AND l."offset" = p.at_offset
            WHERE l.subscription = ?\
            """)) {
      places(select, places);
      select.setString(3, uid);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          letters.add(letter(row));
        }
      }
    }
    return letters;
  }

  /** Within the caller's transaction. Returns how many there were. */
  int remove(Collection<EventPlace> places) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            """
            DELETE FROM millrace.dead_letter l
            USING unnest(?::integer[], ?::bigint[]) AS p(partition, at_offset)
            WHERE l.partition = p.partition AND l."offset" = p.at_offset AND l.subscription = ?\
            """)) {
      places(delete, places);
      delete.setString(3, uid);
      return delete.executeUpdate();
    }
  }

  /**
   * Within the caller's transaction: other reasons, and where there is one, another excerpt. A
   * letter with another reason counts as a new one, for those who look at the newest.
   *
   * @return how many of the letters there were
   */
  int change(List<Batch.Entry> letters) throws SQLException {
    int changed = 0;
    try (PreparedStatement update =
        connection.prepareStatement(
            """
            UPDATE millrace.dead_letter l SET code = n.code, field = n.field, message = n.message,
              excerpt = coalesce(nullif(?, ''), l.excerpt),
              at = CASE WHEN (l.code, l.field, l.message) = (n.code, n.field, n.message)
                   THEN l.at ELSE now() END
            FROM (VALUES (?, ?, ?)) AS n(code, field, message)
            WHERE l.subscription = ? AND l.partition = ? AND l."offset" = ?\
            """)) {
      for (Batch.Entry letter : letters) {
        Outcome.Dead dead = (Outcome.Dead) letter.outcome();
        update.setString(1, text(dead.excerpt()));
        update.setString(2, text(dead.code()));
        update.setString(3, text(dead.field()));
        update.setString(4, text(dead.message()));
        update.setString(5, uid);
        update.setInt(6, letter.partition());
        update.setLong(7, letter.offset());
        changed += update.executeUpdate();
      }
    }
    return changed;
  }

  /** A dead letter may be about the very character that a text in Postgres cannot hold. */
  static String text(String any) {
    return any.replace('\0', '\ufffd');
  }

  private static void places(PreparedStatement statement, Collection<EventPlace> places)
      throws SQLException {
    ArrayLiteral partitions = new ArrayLiteral();
    ArrayLiteral offsets = new ArrayLiteral();
    for (EventPlace place : places) {
      partitions.add(place.partition());
      offsets.add(place.offset());
    }
    statement.setString(1, partitions.toString());
    statement.setString(2, offsets.toString());
  }

  private static Page page(PreparedStatement select, int limit) throws SQLException {
    List<JsonNode> letters = new ArrayList<>();
    String last = "";
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        letters.add(letter(row));
        last = row.getLong(8) + "," + row.getInt(1) + "," + row.getLong(2);
      }
    }
    return new Page(letters, letters.size() < limit ? Optional.empty() : Optional.of(last));
  }

  private static JsonNode letter(ResultSet row) throws SQLException {
    return JsonNodeFactory.instance
        .objectNode()
        .put("partition", row.getInt(1))
        .put("offset", row.getLong(2))
        .put("code", row.getString(3))
        .put("field", row.getString(4))
        .put("message", row.getString(5))
        .put("excerpt", row.getString(6))
        .put("at", row.getObject(7, OffsetDateTime.class).toInstant().toString());
  }
}
