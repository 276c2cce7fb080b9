package dev.millrace.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.millrace.api.store.Binding;
import dev.millrace.embedded.EmbeddedPostgres;
import dev.millrace.embedded.EmbeddedRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From real stores, through their readers, to the oracle. */
class ReadersTest {
  private static final Subscription STRONG = Subscription.ALL.get(0);
  private static final Subscription QUAKES = Subscription.ALL.get(1);

  private static final String SOURCE =
      """
      {"features":[
      {"id":"a","properties":{"mag":4.5,"place":"one, \\"two\\"\\nthree é","time":1000,"felt":7},"geometry":{"coordinates":[1,2,0.1]}},
      {"id":"b","properties":{"mag":5,"place":null,"time":1001,"felt":null},"geometry":{"coordinates":[-1e-7,2,3]}}]}
      """;

  @TempDir private Path directory;

  @Test
  void aTableThatIsRightIsFoundToBeRight() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory.resolve("postgres"), 0)) {
      Binding binding = binding(postgres);
      try (Connection connection =
              DriverManager.getConnection(
                  postgres.jdbcUrl("postgres"), EmbeddedPostgres.SUPERUSER, postgres.password());
          Statement statement = connection.createStatement()) {
        statement.execute(
            "CREATE TABLE strong_quakes (id text PRIMARY KEY, mag numeric(4,2), place text, time"
                + " timestamptz, longitude float8, latitude float8, depth float8)");
        statement.execute(
            "INSERT INTO strong_quakes VALUES ('a', 4.5, E'one, \"two\"\\nthree é', '1970-01-01"
                + " 00:00:01Z', 1, 2, 0.1), ('b', 5, null, '1970-01-01 01:00:01.001+01', -1e-7, 2,"
                + " 3)");
      }

      assertThat(verdict(new PostgresReader(), STRONG, binding).isRight()).isTrue();
    }
  }

  @Test
  void hashesAreComparedFieldByFieldAndKeyByKey() throws Exception {
    try (EmbeddedRedis redis = EmbeddedRedis.start(directory.resolve("redis"), 0)) {
      Binding binding =
          new Binding(
              "redis",
              "127.0.0.1",
              redis.port(),
              "0",
              "default",
              redis.password(),
              null,
              null,
              "quake:*",
              true);
      try (Resp resp = new Resp(binding)) {
        resp.call(
            "HSET",
            "quake:a",
            "id",
            "a",
            "mag",
            "4.50",
            "place",
            "one, \"two\"\nthree é",
            "time",
            "1970-01-01T00:00:01Z",
            "felt",
            "7",
            "depth",
            "0.1");
        resp.call(
            "HSET",
            "quake:b",
            "id",
            "b",
            "mag",
            "5.00",
            "time",
            "1970-01-01T00:00:01.001Z",
            "depth",
            "3.0");

        assertThat(quakes(binding, "quake:a", "quake:b").isRight()).isTrue();

        resp.call("HSET", "quake:b", "mag", "5.0");
        assertThat(quakes(binding, "quake:a", "quake:b").different()).isEqualTo(1);

        resp.call("HSET", "quake:b", "mag", "5.00", "felt", "0");
        assertThat(quakes(binding, "quake:a", "quake:b").different()).isEqualTo(1);

        resp.call("HSET", "quake:c", "id", "c", "mag", "1.00");
        assertThat(quakes(binding, "quake:a", "quake:b", "quake:c").additional()).isEqualTo(1);

        resp.call("HSET", "quake:a", "surprise", "1");
        assertThatThrownBy(() -> quakes(binding, "quake:a", "quake:b"))
            .hasMessageContaining("nobody asked for");
      }
    }
  }

  private Verdict quakes(Binding binding, String... keys) throws Exception {
    HttpServer server = rows(keys);
    try {
      URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
      return verdict(new RedisReader(new Platform(base, "token")), QUAKES, binding);
    } finally {
      server.stop(0);
    }
  }

  private Verdict verdict(Reader reader, Subscription subscription, Binding binding)
      throws Exception {
    Path work = Files.createTempDirectory(directory, "work");
    try (Oracle oracle = new Oracle(work)) {
      oracle.learn(
          "earthquakes",
          Files.writeString(work.resolve("source.json"), SOURCE),
          Files.createFile(work.resolve("live.ndjson")));
      Path csv = work.resolve("rows.csv");
      reader.dump(subscription, binding, oracle.expect(subscription), csv);
      return oracle.compare(subscription, csv);
    }
  }

  /** The rows of the platform's API, one a page. */
  private static HttpServer rows(String... keys) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    List<String> all = List.of(keys);
    server.createContext(
        "/api/v1/tenants/demo/subscriptions/quakes/rows",
        exchange -> {
          String query = exchange.getRequestURI().getQuery();
          int at = query.contains("cursor=") ? Integer.parseInt(query.split("cursor=")[1]) : 0;
          String next = at + 1 < all.size() ? ",\"next\":\"" + (at + 1) + "\"" : "";
          byte[] body =
              ("{\"items\":[{\"_key\":\"" + all.get(at) + "\"}]" + next + "}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static Binding binding(EmbeddedPostgres postgres) {
    return new Binding(
        "postgresql",
        "127.0.0.1",
        postgres.port(),
        "postgres",
        EmbeddedPostgres.SUPERUSER,
        postgres.password(),
        null,
        postgres.jdbcUrl("postgres"),
        "public.strong_quakes",
        true);
  }
}
