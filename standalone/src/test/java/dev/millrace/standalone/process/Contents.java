package dev.millrace.standalone.process;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a store holds, seen through a reader's login or the API. */
final class Contents {
  private final Api api;

  Contents(Api api) {
    this.api = api;
  }

  /** The reader's binding with a password. */
  JsonNode login(String subscription) {
    Api.Answer answer = api.post(subscription + "/credentials/reveal");
    return answer.status() == 200
        ? answer.body()
        : api.post(subscription + "/credentials/rotate").body();
  }

  Connection connect(JsonNode binding) throws SQLException {
    return DriverManager.getConnection(
        binding.path("jdbc-url").asText(),
        binding.path("username").asText(),
        binding.path("password").asText());
  }

  /** Two columns of a table. */
  SortedMap<String, Long> table(String subscription, String key, String number)
      throws SQLException {
    JsonNode binding = login(subscription);
    SortedMap<String, Long> rows = new TreeMap<>();
    try (Connection connection = connect(binding);
        ResultSet row =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT %s, %s FROM %s"
                        .formatted(key, number, binding.path("relation").asText()))) {
      while (row.next()) {
        rows.put(row.getString(1), row.getLong(2));
      }
    }
    return rows;
  }

  /** The same of Redis hashes or documents, by pages of the API. */
  SortedMap<String, Long> keys(String subscription, String key, String number) {
    SortedMap<String, Long> rows = new TreeMap<>();
    String cursor = "";
    do {
      JsonNode page = api.get(subscription + "/rows?limit=500" + cursor).body();
      page.path("items")
          .forEach(row -> rows.put(row.path(key).asText(), row.path(number).asLong()));
      cursor = page.hasNonNull("next") ? "&cursor=" + encoded(page.get("next").asText()) : "";
    } while (!cursor.isEmpty());
    return rows;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
