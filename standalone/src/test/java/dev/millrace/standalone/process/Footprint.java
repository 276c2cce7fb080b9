package dev.millrace.standalone.process;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;

/** Everything that could be left behind, seen with the servers' own administrators. */
record Footprint(
    List<JsonNode> products,
    List<JsonNode> stores,
    List<String> subscriptions,
    Set<String> topics,
    SortedSet<String> databases,
    SortedSet<String> roles,
    SortedSet<String> redis) {

  static Footprint of(PlatformProcess platform, Api api) throws Exception {
    return new Footprint(
        specs(api, "products"),
        specs(api, "stores"),
        names(api),
        topics(platform),
        query(platform, "postgres", "SELECT datname FROM pg_database"),
        query(platform, "postgres", "SELECT rolname FROM pg_roles"),
        redis(platform));
  }

  static SortedSet<String> query(PlatformProcess platform, String database, String sql)
      throws IOException, SQLException {
    SortedSet<String> found = new TreeSet<>();
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port(platform, "postgres") + "/" + database,
                "millrace",
                Files.readString(platform.data().resolve("postgres").resolve("password")));
        ResultSet row = connection.createStatement().executeQuery(sql)) {
      while (row.next()) {
        found.add(row.getString(1));
      }
    }
    return found;
  }

  /** Keys and users. */
  static SortedSet<String> redis(PlatformProcess platform) throws IOException {
    SortedSet<String> found = new TreeSet<>();
    try (RedisConnection redis =
        new RedisConnection(
            port(platform, "redis"),
            Files.readString(platform.data().resolve("redis").resolve("password")))) {
      found.addAll(redis.list("KEYS", "*"));
      found.addAll(redis.list("ACL", "USERS"));
    }
    return found;
  }

  static int port(PlatformProcess platform, String server) throws IOException {
    Properties ports = new Properties();
    Path file = platform.data().resolve("run").resolve("ports");
    ports.load(new StringReader(Files.readString(file)));
    return Integer.parseInt(ports.getProperty(server));
  }

  private static Set<String> topics(PlatformProcess platform) throws Exception {
    Map<String, Object> settings = new HashMap<>(platform.kafka());
    try (Admin admin = Admin.create(settings)) {
      return admin.listTopics().names().get();
    }
  }

  private static List<JsonNode> specs(Api api, String kind) {
    List<JsonNode> found = new ArrayList<>();
    api.get(kind + "?limit=500").body().path("items").forEach(item -> found.add(item.path("spec")));
    return found;
  }

  private static List<String> names(Api api) {
    List<String> found = new ArrayList<>();
    api.get("subscriptions?limit=500")
        .body()
        .path("items")
        .forEach(item ->
            found.add(item.at("/metadata/name").asText() + item.at("/metadata/generation")));
    return found;
  }
}
