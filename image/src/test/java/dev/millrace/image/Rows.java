package dev.millrace.image;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/** What a reader finds, with nothing but its Secret. */
final class Rows {
  private Rows() {}

  /** Totals by id. */
  static Map<String, Long> inPostgres(Map<String, String> secret) throws SQLException {
    Map<String, Long> rows = new TreeMap<>();
    try (Connection connection =
            DriverManager.getConnection(
                secret.get("jdbc-url"), secret.get("username"), secret.get("password"));
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery("SELECT id, total FROM " + secret.get("relation"))) {
      while (found.next()) {
        rows.put(found.getString(1), found.getLong(2));
      }
    }
    return rows;
  }

  /** The first value of the first row, in Postgres. */
  static String query(Map<String, String> secret, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                secret.get("jdbc-url"), secret.get("username"), secret.get("password"));
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      found.next();
      return found.getString(1);
    }
  }

  /** Into Postgres. */
  static boolean letsIn(Map<String, String> secret) {
    try (Connection connection =
        DriverManager.getConnection(
            secret.get("jdbc-url"), secret.get("username"), secret.get("password"))) {
      return connection.isValid(5);
    } catch (SQLException e) {
      return false;
    }
  }

  /**
   * The same.
   *
   * @param keys that there are: a reader may not look for them
   */
  static Map<String, Long> inRedis(Map<String, String> secret, List<String> keys) {
    Map<String, Long> rows = new TreeMap<>();
    try (Jedis redis = open(secret.get("username"), secret.get("password"), address(secret))) {
      for (String key : keys) {
        Map<String, String> row = redis.hgetAll(key);
        if (!row.isEmpty()) { // it may be deleted since it was listed
          rows.put(row.get("id"), Long.parseLong(row.get("total")));
        }
      }
    }
    return rows;
  }

  static Jedis open(String user, String password, HostAndPort address) {
    return new Jedis(
        address, DefaultJedisClientConfig.builder().user(user).password(password).build());
  }

  static HostAndPort address(Map<String, String> secret) {
    return new HostAndPort(secret.get("host"), Integer.parseInt(secret.get("port")));
  }
}
