package dev.millrace.stores.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.millrace.stores.StoreDriver.Page;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
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
