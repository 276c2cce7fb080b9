package dev.millrace.bench.peer;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;

/** Upserts by JDBC, as batches that the driver sends as statements of many rows. */
final class PlainTable implements PlainConsumer.Rows {
  private final Connection connection;
  private final PreparedStatement upsert;
  private final boolean priced;

  /**
   * @param login JDBC URL, user, password, table
   */
  PlainTable(List<String> login, String query) throws SQLException {
    connection =
        DriverManager.getConnection(
            login.get(0) + "?reWriteBatchedInserts=true", login.get(1), login.get(2));
    connection.setAutoCommit(false);
    priced = query.equals("q22");
    List<String> columns =
        priced
            ? List.of("id", "auction", "bidder", "price")
            : List.of("id", "auction", "bidder", "price", "channel", "url", "dateTime", "extra");
    upsert = connection.prepareStatement(statement(login.get(3), columns));
  }

  private static String statement(String table, List<String> columns) {
    StringBuilder names = new StringBuilder();
    StringBuilder places = new StringBuilder();
    StringBuilder changes = new StringBuilder();
    for (String column : columns) {
      String separator = names.isEmpty() ? "" : ", ";
      names.append(separator).append('"').append(column).append('"');
      places.append(separator).append('?');
      changes.append(separator).append("\"%1$s\" = excluded.\"%1$s\"".formatted(column));
    }
    return "INSERT INTO %s (%s) VALUES (%s) ON CONFLICT (id) DO UPDATE SET %s"
        .formatted(table, names, places, changes);
  }

  @Override
  public void write(List<JsonNode> bids) throws SQLException {
    for (JsonNode bid : bids) {
      upsert.setLong(1, bid.get("id").longValue());
      upsert.setLong(2, bid.get("auction").longValue());
      upsert.setLong(3, bid.get("bidder").longValue());
      if (priced) {
        upsert.setBigDecimal(4, BigDecimal.valueOf(bid.get("price").longValue() * 908, 3));
      } else {
        upsert.setLong(4, bid.get("price").longValue());
        upsert.setString(5, bid.get("channel").textValue());
        upsert.setString(6, bid.get("url").textValue());
        upsert.setObject(7, OffsetDateTime.parse(bid.get("dateTime").textValue()));
        upsert.setString(8, bid.get("extra").textValue());
      }
      upsert.addBatch();
    }
    upsert.executeBatch();
    connection.commit();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
