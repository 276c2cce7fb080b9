package dev.millrace.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.embedded.EmbeddedPostgres;
import dev.millrace.embedded.EmbeddedRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers that run already, with exactly the rights that {@code docs/external-stores.md} says: the
 * statements are read from there.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExternalIT {
  private static final String TENANT = "tenants/risk/";
  private static final String TABLE_SPEC =
      """
      product: sales/orders
      filter: event.total >= 500.0
      select:
      - {field: orderId, as: order_id, key: true}
      - {field: version}
      store: {name: warehouse, table: {name: orders}, reclaimPolicy: Delete}
      """;
  private static final String HASHES_SPEC =
      """
      product: sales/orders
      store: {name: cache, redis: {key: "order:{orderId}"}, reclaimPolicy: Delete}
      """;
  private static final String TABLE = TENANT + "subscriptions/orders-table";
  private static final String HASHES = TENANT + "subscriptions/orders-hashes";
  private static final String SECRET = "s3cret-of-the-test";

  @TempDir static Path directory;

  private final Orders orders = new Orders(700);
  private final DocumentedGrants grants = new DocumentedGrants(SECRET);
  private EmbeddedKafka kafka;
  private EmbeddedPostgres postgres;
  private EmbeddedRedis redis;
  private PlatformProcess platform;
  private Api api;
  private long published;

  @BeforeAll
  void start() throws Exception {
    PlatformProcess.letOthersPass(directory);
    kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
    postgres = EmbeddedPostgres.start(directory.resolve("postgres"), 0);
    redis = EmbeddedRedis.start(directory.resolve("redis"), 0);
    grants.limitKafka(kafka);
    administer("postgres", "CREATE DATABASE warehouse");
    administer("warehouse", "CREATE TABLE theirs (a int)");
    administer("warehouse", grants.postgresWithReader());
    try (RedisConnection admin = admin()) {
      admin.list("SET", "theirs", "1");
      admin.list(grants.redisWriter());
      admin.list(grants.redisRebuilds());
      admin.list(grants.redisReader());
    }

    Path settings = directory.resolve("kafka.properties");
    Properties properties = new Properties();
    properties.putAll(kafka.clientProperties());
    try (var out = Files.newBufferedWriter(settings)) {
      properties.store(out, null);
    }
    platform =
        PlatformProcess.start(
            directory.resolve("data"),
            "--kafka",
            kafka.bootstrapServers(),
            "--kafka-properties",
            settings.toString());
    api = new Api(platform);
    assertThat(api.postYaml("tenants/sales/products", Orders.PRODUCT).status()).isEqualTo(201);
    publish(2_000);
  }

  @AfterAll
  void stop() {
    platform.close();
    redis.close();
    postgres.close();
    kafka.close();
  }

  @Test
  void theDocumentedGrantsAreEnoughAndAfterwardsTheServersAreAsTheyWere() throws Exception {
    assertThat(topics())
        .containsExactlyInAnyOrder(
            "millrace.definitions",
            "millrace.status",
            "millrace.corrections",
            "millrace.requests",
            "millrace.answers",
            "sales.orders");
    SortedSet<String> tables = Inventory.of(postgres);
    SortedSet<String> keys = keys();

    declareStores("reader: {username: analyst, password: " + SECRET + "}");
    subscribe();
    contentIsRight("analyst", SECRET, "analyst", SECRET);
    rebuild();
    contentIsRight("analyst", SECRET, "analyst", SECRET);

    assertThat(added(Inventory.of(postgres), tables))
        .isNotEmpty()
        .allMatch(line -> line.contains("millrace.") || line.contains("orders"));
    assertThat(added(tables, Inventory.of(postgres))).isEmpty();
    assertThat(added(keys(), keys))
        .allMatch(line -> line.startsWith("key millrace:") || line.startsWith("key order:"));
    assertThat(added(keys, keys())).isEmpty();

    takeAway();
    assertThat(Inventory.of(postgres)).isEqualTo(tables);
    assertThat(keys()).isEqualTo(keys);

    readersAreMadeWhenTheWriterMay();
  }

  private void readersAreMadeWhenTheWriterMay() throws Exception {
    administer("warehouse", grants.postgresMakingReaders());
    try (RedisConnection admin = admin()) {
      admin.list(grants.redisMakingReaders());
    }
    SortedSet<String> tables = Inventory.of(postgres);
    SortedSet<String> keys = keys();

    declareStores("");
    subscribe();
    Contents contents = new Contents(api);
    var table = contents.login(TABLE);
    var hashes = contents.login(HASHES);
    contentIsRight(
        table.path("username").asText(),
        table.path("password").asText(),
        hashes.path("username").asText(),
        hashes.path("password").asText());

    takeAway();
    assertThat(Inventory.of(postgres)).isEqualTo(tables);
    assertThat(keys()).isEqualTo(keys);
    assertThat(platform.errors()).isEmpty();
  }

  private void declareStores(String reader) {
    put(
        TENANT + "stores/warehouse",
        "Store",
        """
        class: external
        connection:
          engine: Postgres
          host: 127.0.0.1
          port: %d
          database: warehouse
          writer: {username: brought, password: %s}
          %s
        """
            .formatted(postgres.port(), SECRET, reader));
    put(
        TENANT + "stores/cache",
        "Store",
        """
        class: external
        connection:
          engine: Redis
          host: 127.0.0.1
          port: %d
          writer: {username: brought, password: %s}
          %s
        """
            .formatted(redis.port(), SECRET, reader));
  }

  private void subscribe() {
    put(TABLE, "DataSubscription", TABLE_SPEC);
    put(HASHES, "DataSubscription", HASHES_SPEC);
    for (String each : List.of(TABLE, HASHES)) {
      PlatformProcess.await("ready", PlatformProcess.LONG, () -> api.isTrue(each, "Ready"));
    }
    publish(500);
  }

  private void rebuild() {
    String again = "requests: {rebuild: again}\n";
    put(TABLE, "DataSubscription", TABLE_SPEC + again, 200);
    put(HASHES, "DataSubscription", HASHES_SPEC + again, 200);
    publish(500);
    for (String each : List.of(TABLE, HASHES)) {
      PlatformProcess.await(
          "rebuilt",
          PlatformProcess.LONG,
          () -> {
            JsonNode status = api.get(each).body().path("status");
            return status.at("/honoured/rebuild").asText().equals("again")
                && !status.has("rebuild");
          });
    }
  }

  private void put(String path, String kind, String spec) {
    put(path, kind, spec, 201);
  }

  private void put(String path, String kind, String spec, int status) {
    Api.Answer answer =
        api.putYaml(
            path,
            "apiVersion: millrace.dev/v1alpha1\nkind: %s\nmetadata: {name: %s}\nspec:\n%s"
                .formatted(kind, path.substring(path.lastIndexOf('/') + 1), spec.indent(2)));
    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(status);
  }

  private void contentIsRight(
      String tableReader, String tablePassword, String hashReader, String hashPassword)
      throws Exception {
    SortedMap<String, Long> rows = orders.expected(published, total -> total >= 500);
    SortedMap<String, Long> hashes = orders.expected(published, total -> true);
    Duration soon = PlatformProcess.LONG;
    PlatformProcess.await(
        "live in Postgres", soon, () -> rows.equals(table(tableReader, tablePassword)));
    PlatformProcess.await(
        "live in Redis",
        soon,
        () ->
            hashes.equals(hashes(hashReader, hashPassword, hashes.keySet()))
                && orderKeys() == hashes.size());
  }

  /** One that was deleted last may still be there when those that stay are right. */
  private long orderKeys() {
    try {
      return keys().stream().filter(key -> key.startsWith("key order:")).count();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private SortedMap<String, Long> table(String user, String password) {
    SortedMap<String, Long> found = new TreeMap<>();
    try (Connection connection =
            DriverManager.getConnection(postgres.jdbcUrl("warehouse"), user, password);
        ResultSet row =
            connection.createStatement().executeQuery("SELECT order_id, version FROM orders")) {
      while (row.next()) {
        found.put(row.getString(1), row.getLong(2));
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private SortedMap<String, Long> hashes(String user, String password, Set<String> keys) {
    SortedMap<String, Long> found = new TreeMap<>();
    try (RedisConnection reader = new RedisConnection(redis.port(), user, password)) {
      for (String key : keys) {
        List<String> version = reader.list("HGET", "order:" + key, "version");
        version.forEach(each -> found.put(key, Long.parseLong(each)));
      }
      return found;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void takeAway() {
    for (String each : List.of(TABLE, HASHES)) {
      assertThat(api.delete(each).status()).isEqualTo(202);
    }
    for (String each : List.of(TABLE, HASHES)) {
      gone(each);
    }
    for (String each : List.of(TENANT + "stores/warehouse", TENANT + "stores/cache")) {
      assertThat(api.delete(each).status()).isEqualTo(202);
      gone(each);
    }
  }

  private void gone(String path) {
    PlatformProcess.await("gone", PlatformProcess.LONG, () -> api.get(path).status() == 404);
  }

  private void publish(long events) {
    orders.publish(
        new HashMap<>(kafka.platformProperties()), "sales.orders", published, published + events);
    published += events;
  }

  private void administer(String database, String sql) throws SQLException {
    try (Connection connection =
        DriverManager.getConnection(
            postgres.jdbcUrl(database), EmbeddedPostgres.SUPERUSER, postgres.password())) {
      connection.createStatement().execute(sql);
    }
  }

  private RedisConnection admin() throws IOException {
    return new RedisConnection(redis.port(), redis.password());
  }

  /** Keys, users with all their rules, and settings. */
  private SortedSet<String> keys() throws IOException {
    SortedSet<String> found = new TreeSet<>();
    try (RedisConnection admin = admin()) {
      admin.list("KEYS", "*").forEach(key -> found.add("key " + key));
      found.addAll(admin.list("ACL", "LIST"));
      List<String> settings = admin.list("CONFIG", "GET", "*");
      for (int i = 0; i + 1 < settings.size(); i += 2) {
        found.add("setting " + settings.get(i) + " " + settings.get(i + 1));
      }
    }
    return found;
  }

  private Set<String> topics() throws Exception {
    try (Admin admin = Admin.create(new HashMap<>(kafka.platformProperties()))) {
      return admin.listTopics().names().get().stream()
          .filter(name -> !name.startsWith("__"))
          .collect(Collectors.toSet());
    }
  }

  private static List<String> added(SortedSet<String> now, SortedSet<String> before) {
    List<String> added = new ArrayList<>(now);
    added.removeAll(before);
    return added;
  }
}
