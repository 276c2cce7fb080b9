package dev.millrace.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.api.Json;
import dev.millrace.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A product's schema changes while events pour in. Every event has all fields from the beginning,
 * so whoever reads one by the wrong schema is found out.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SchemaChangeIT {
  private static final String SECRET = "s3cret-of-the-test";
  private static final String FEW = "orderId: {type: string}\nversion: {type: integer}\n";
  private static final String TOTAL = FEW + "total: {type: number}\n";
  private static final String MORE = TOTAL + "country: {type: string}\n";
  private static final Pattern SINCE = Pattern.compile("'country' was added[^{]*\\{([^}]*)}");

  @TempDir static Path directory;

  private EmbeddedPostgres postgres;
  private PlatformProcess platform;
  private Api api;

  @BeforeAll
  void start() throws Exception {
    PlatformProcess.letOthersPass(directory);
    postgres = EmbeddedPostgres.start(directory.resolve("postgres"), 0);
    DocumentedGrants grants = new DocumentedGrants(SECRET);
    sql("postgres", "CREATE DATABASE warehouse");
    sql("warehouse", grants.postgresWithReader());
    sql("warehouse", grants.postgresMakingReaders());
    platform = PlatformProcess.start(directory.resolve("data"));
    api = new Api(platform);
    Api.Answer store =
        api.putYaml(
            "tenants/risk/stores/warehouse",
            """
            apiVersion: millrace.dev/v1alpha1
            kind: Store
            metadata: {name: warehouse}
            spec:
              class: external
              connection:
                engine: Postgres
                host: 127.0.0.1
                port: %d
                database: warehouse
                writer: {username: brought, password: %s}
            """
                .formatted(postgres.port(), SECRET));
    assertThat(store.status()).as("%s", store.body()).isEqualTo(201);
  }

  @AfterAll
  void stop() {
    platform.close();
    postgres.close();
  }

  @Test
  void aFieldThatIsAddedFlowsIntoWhatTakesEveryFieldWhileItRuns() throws Exception {
    try (Product product = new Product("grown", TOTAL)) {
      Subscription table = product.table("grown-table", "");
      Subscription hashes = product.keys("grown-hashes", "Hash");
      Subscription documents = product.keys("grown-documents", "Json");
      product.publish(4_000);
      product.produce();

      product.change(MORE, "");

      for (Subscription each : List.of(table, hashes, documents)) {
        each.awaits("SchemaCompatible", "True", "ColumnsAdded");
      }
      product.publish(4_000);
      product.rest();
      for (Subscription each : List.of(table, hashes, documents)) {
        each.holds(since(each));
        each.isDefinition(2);
        each.verifies();
      }
      assertThat(rebuilds(platform.log())).isEmpty();
      assertThat(platform.errors()).isEmpty();
    }
  }

  @Test
  void aStoreThatIsSetBackToBeforeItIsAlteredAgain() throws Exception {
    try (Product product = new Product("setback", TOTAL)) {
      Subscription table = product.table("setback-table", "");
      product.publish(3_000);
      table.catchesUp();
      sql(
          "warehouse",
          "CREATE TABLE kept AS TABLE setback_table",
          "CREATE TABLE kept_cursor AS SELECT c.* FROM millrace.cursor c"
              + " JOIN millrace.subscription s ON s.uid = c.subscription"
              + " WHERE s.table_name = 'setback_table'");
      product.publish(1_000);
      product.change(MORE, "");
      table.awaits("SchemaCompatible", "True", "ColumnsAdded");
      product.publish(3_000);
      table.catchesUp();
      String since = since(table);

      sql(
          "warehouse",
          "BEGIN; DELETE FROM setback_table; ALTER TABLE setback_table DROP COLUMN country;"
              + " INSERT INTO setback_table SELECT * FROM kept;"
              + " UPDATE millrace.cursor c SET next_offset = k.next_offset,"
              + " definition = k.definition, read = k.read, applied = k.applied,"
              + " owner = k.owner FROM kept_cursor k WHERE k.subscription = c.subscription"
              + " AND k.partition = c.partition; COMMIT");
      product.publish(1_000);

      table.holds(since);
      table.isDefinition(2);
      table.verifies();
    }
  }

  @Test
  void whatIsKilledAtAnyMomentOfItGoesOn() throws Exception {
    try (Product product = new Product("killed", TOTAL)) {
      Subscription table = product.table("killed-table", "");
      product.publish(2_000);
      String fields = TOTAL;
      for (String moment : List.of("held={", "altered subscription=risk/killed-table")) {
        table.catchesUp();
        fields +=
            moment.startsWith("held") ? "country: {type: string}\n" : "late: {type: string}\n";
        int before = occurrences(moment);
        product.change(fields, "");
        PlatformProcess.await(moment, PlatformProcess.LONG, () -> occurrences(moment) > before);

        platform.kill();
        platform = PlatformProcess.start(directory.resolve("data"));
        api = new Api(platform);
        product.publish(1_000);
        table.awaits("Degraded", "False", "AsExpected");
      }
      PlatformProcess.await(
          "both columns", PlatformProcess.LONG, () -> table.message().contains("'late'"));
      table.holds(since(table));
      table.isDefinition(3);
      table.verifies();
    }
  }

  @Test
  void aBreakingChangeGoesByThePolicy() throws Exception {
    try (Product product = new Product("broken", TOTAL)) {
      Subscription additive = product.table("broken-additive", "onSchemaChange: Additive");
      Subscription rebuild = product.table("broken-rebuild", "onSchemaChange: Rebuild");
      Subscription stop = product.table("broken-stop", "onSchemaChange: Stop");
      List<Subscription> all = List.of(additive, rebuild, stop);
      product.publish(1_000);

      product.change(MORE, "");
      additive.awaits("SchemaCompatible", "True", "ColumnsAdded");
      rebuild.awaits("SchemaCompatible", "True", "ColumnsAdded");
      stop.awaits("SchemaCompatible", "False", "SchemaChanged");
      assertThat(stop.status().path("phase").asText()).isEqualTo("Failed");
      stop.change("onSchemaChange: Stop\nrequests: {rebuild: accepted}");
      stop.awaits("SchemaCompatible", "True", "SchemaMatches");
      product.publish(1_000);
      for (Subscription each : all) {
        each.holds(each == stop ? "" : since(each));
      }

      assertThat(product.put(FEW + "country: {type: string}\n", "").body().toString())
          .contains("SchemaIncompatible");
      product.change(FEW + "country: {type: string}\n", "compatibility: None");
      additive.awaits("SchemaCompatible", "False", "SchemaChanged");
      stop.awaits("SchemaCompatible", "False", "SchemaChanged");
      assertThat(additive.message()).contains("'total' is gone", "onSchemaChange");
      rebuild.isDefinition(3);
      product.publish(1_000);
      rebuild.awaits("SchemaCompatible", "True", "SchemaMatches");
      rebuild.holds("", "total");

      product.change(MORE, "");
      additive.awaits("SchemaCompatible", "True", "ColumnsAdded");
      stop.awaits("SchemaCompatible", "True", "SchemaMatches");
      additive.holds(since(additive));
      stop.holds("");
      additive.isDefinition(2);
      for (Subscription each : all) {
        each.verifies();
      }
      assertThat(platform.errors()).isEmpty();
    }
  }

  @Test
  void aSchemaThatTheFilterDoesNotGoWithStopsItUntilItDoes() throws Exception {
    try (Product product = new Product("unfit", TOTAL)) {
      Subscription table =
          product.table("unfit-table", "filter: event.total >= 0.0\nonSchemaChange: Rebuild");
      product.publish(500);
      table.catchesUp();

      product.change(FEW + "total: {type: string}\n", "compatibility: None");

      table.awaits("SchemaCompatible", "False", "SchemaUnfit");
      assertThat(table.message()).contains("/spec/filter");
      product.publish(500);
      product.change(TOTAL, "compatibility: None");
      table.awaits("SchemaCompatible", "True", "SchemaMatches");
      table.holds("", "country");
      table.isDefinition(1);
      assertThat(platform.errors()).isEmpty();
    }
  }

  @Test
  void aColumnThatItsOwnerWidensIsWidenedWhereItIs() throws Exception {
    try (Product product = new Product("widened", TOTAL)) {
      Subscription table = product.table("widened-table", typed("decimal(4,2)"));
      product.publish(1_000);
      table.catchesUp();
      long dead = table.status().at("/progress/counts/deadLettered").asLong();
      assertThat(dead).isGreaterThan(100);

      sql("warehouse", "CREATE VIEW public.own AS SELECT total FROM widened_table");

      table.change(typed("decimal(6,2)"));
      table.awaits("SchemaCompatible", "False", "AlterBlocked");
      assertThat(table.message()).contains("view ", "own", "Drop it");
      product.publish(1_000);
      table.catchesUp();
      long deadMeanwhile = table.status().at("/progress/counts/deadLettered").asLong();
      assertThat(deadMeanwhile).isGreaterThan(dead);
      sql("warehouse", "DROP VIEW public.own");
      table.awaits("SchemaCompatible", "True", "ColumnsAdded");
      product.publish(1_000);
      table.catchesUp();

      assertThat(table.status().at("/progress/counts/deadLettered").asLong())
          .isEqualTo(deadMeanwhile);
      table.isDefinition(2);
      table.verifies();
      assertThat(rebuilds(platform.log())).noneMatch(line -> line.contains("widened-table"));
    }
  }

  private static String typed(String type) {
    return """
    select:
    - {field: orderId, key: true}
    - {field: version}
    - {field: total, type: "%s"}
    """
        .formatted(type);
  }

  /** What the condition says: partition to first offset. */
  private static String since(Subscription subscription) {
    Matcher matcher = SINCE.matcher(subscription.message());
    assertThat(matcher.find()).as(subscription.message()).isTrue();
    return matcher.group(1);
  }

  private int occurrences(String words) {
    return platform.log().split(Pattern.quote(words), -1).length;
  }

  private static List<String> rebuilds(String log) {
    return log.lines().filter(line -> line.contains("~rebuild") && line.contains("grown")).toList();
  }

  private void sql(String database, String... statements) throws SQLException {
    try (Connection connection =
        DriverManager.getConnection(
            postgres.jdbcUrl(database), EmbeddedPostgres.SUPERUSER, postgres.password())) {
      for (String each : statements) {
        connection.createStatement().execute(each);
      }
    }
  }

  /** One product and those who publish to it. */
  private final class Product implements AutoCloseable {
    final String name;
    final Orders orders = new Orders(600);
    private final AtomicBoolean publishing = new AtomicBoolean();
    private @Nullable Thread producing;
    private long published;

    Product(String name, String fields) {
      this.name = name;
      Api.Answer answer = api.postYaml("tenants/sales/products", yaml(fields, ""));
      assertThat(answer.status()).as("%s", answer.body()).isEqualTo(201);
    }

    String topic() {
      return "sales." + name;
    }

    void change(String fields, String more) {
      Api.Answer answer = put(fields, more);
      assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
    }

    Api.Answer put(String fields, String more) {
      return api.putYaml("tenants/sales/products/" + name, yaml(fields, more));
    }

    private String yaml(String fields, String more) {
      return """
      apiVersion: millrace.dev/v1alpha1
      kind: DataProduct
      metadata: {name: %s}
      spec:
        key: orderId
        topic: {partitions: 3}
        schema:
          type: object
          required: [orderId]
          properties:
      %s  %s
      """
          .formatted(name, fields.indent(6), more);
    }

    synchronized void publish(long count) {
      orders.publish(platform.kafka(), topic(), published, published + count);
      published += count;
    }

    synchronized long published() {
      return published;
    }

    void produce() {
      publishing.set(true);
      producing =
          Thread.ofPlatform()
              .start(() -> {
                while (publishing.get()) {
                  publish(20);
                }
              });
    }

    void rest() throws InterruptedException {
      publishing.set(false);
      if (producing != null) {
        producing.join();
      }
    }

    Subscription table(String subscription, String spec) {
      String store = "store: {name: warehouse, table: {name: %s}}";
      return new Subscription(
          this, subscription, spec, store.formatted(subscription.replace('-', '_')));
    }

    Subscription keys(String subscription, String structure) {
      String store =
          "store: {class: redis-embedded, redis: {structure: %s, key: \"%s:{orderId}\"}}";
      return new Subscription(this, subscription, "", store.formatted(structure, subscription));
    }

    @Override
    public void close() throws InterruptedException {
      rest();
    }
  }

  private final class Subscription {
    final String path;
    private final Product product;
    private final String store;

    Subscription(Product product, String name, String spec, String store) {
      this.path = "tenants/risk/subscriptions/" + name;
      this.product = product;
      this.store = store;
      put(spec, 201);
      awaits("Ready", "True", "HistoryProven");
    }

    void change(String spec) {
      put(spec, 200);
    }

    private void put(String spec, int status) {
      Api.Answer answer =
          api.putYaml(
              path,
              """
              apiVersion: millrace.dev/v1alpha1
              kind: DataSubscription
              metadata: {name: %s, namespace: risk}
              spec:
                product: sales/%s
              %s\
              """
                  .formatted(
                      path.substring(path.lastIndexOf('/') + 1),
                      product.name,
                      (store + "\n" + spec).indent(2)));
      assertThat(answer.status()).as("%s", answer.body()).isEqualTo(status);
    }

    JsonNode status() {
      return api.get(path).body().path("status");
    }

    void awaits(String type, String status, String reason) {
      PlatformProcess.await(
          type + " " + status + " " + reason + " of " + path,
          PlatformProcess.LONG,
          () ->
              condition(type).path("status").asText().equals(status)
                  && condition(type).path("reason").asText().equals(reason));
    }

    private JsonNode condition(String type) {
      for (JsonNode each : status().path("conditions")) {
        if (each.path("type").asText().equals(type)) {
          return each;
        }
      }
      return JsonNodeFactory.instance.missingNode();
    }

    String message() {
      return condition("SchemaCompatible").path("message").asText();
    }

    void isDefinition(long definition) {
      PlatformProcess.await(
          "definition " + definition + " of " + path + ": " + status(),
          PlatformProcess.LONG,
          () ->
              !status().has("rebuild")
                  && status().at("/partitions/0/definition").asLong() == definition);
    }

    void catchesUp() {
      PlatformProcess.await(
          path + " at the end: " + status(),
          PlatformProcess.LONG,
          () -> status().at("/progress/counts/read").asLong() == product.published());
    }

    void verifies() {
      Api.Answer begun = api.post(path + "/verifications");
      assertThat(begun.status()).as("%s", begun.body()).isEqualTo(202);
      String run = path + "/verifications/" + begun.body().path("id").asText();
      PlatformProcess.await(
          "verified",
          PlatformProcess.LONG,
          () -> !api.get(run).body().path("state").asText().equals("Running"));
      JsonNode result = api.get(run).body();
      assertThat(result.at("/result/outcome").asText()).as("%s", result).isEqualTo("Equal");
    }

    /**
     * @param since the places from which rows have a country, as the condition says them; empty for
     *     all
     */
    void holds(String since, String... without) throws Exception {
      catchesUp();
      SortedMap<String, JsonNode> expected = expected(product.topic(), since, without);
      PlatformProcess.await(
          path + " holds what it should", PlatformProcess.LONG, () -> rows().equals(expected));
    }

    private SortedMap<String, JsonNode> rows() {
      try {
        return store.contains("warehouse") ? tableRows() : keyRows();
      } catch (SQLException | IOException e) {
        throw new IllegalStateException(e);
      }
    }

    private SortedMap<String, JsonNode> tableRows() throws SQLException, IOException {
      SortedMap<String, JsonNode> rows = new TreeMap<>();
      String table = path.substring(path.lastIndexOf('/') + 1).replace('-', '_');
      try (Connection connection =
              DriverManager.getConnection(
                  postgres.jdbcUrl("warehouse"), EmbeddedPostgres.SUPERUSER, postgres.password());
          ResultSet row =
              connection.createStatement().executeQuery("SELECT to_json(t) FROM " + table + " t")) {
        while (row.next()) {
          add(rows, Json.LENIENT.readTree(row.getString(1)));
        }
      }
      return rows;
    }

    private SortedMap<String, JsonNode> keyRows() {
      SortedMap<String, JsonNode> rows = new TreeMap<>();
      String cursor = "";
      do {
        JsonNode page = api.get(path + "/rows?limit=500" + cursor).body();
        page.path("items").forEach(row -> add(rows, row));
        cursor =
            page.hasNonNull("next")
                ? "&cursor=" + URLEncoder.encode(page.get("next").asText(), StandardCharsets.UTF_8)
                : "";
      } while (!cursor.isEmpty());
      return rows;
    }

    private void add(SortedMap<String, JsonNode> rows, JsonNode row) {
      rows.put(row.path("orderId").asText(), row(row));
    }
  }

  /** What this test looks at of a row, spelt in one way. */
  private static JsonNode row(JsonNode of) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    for (String name : List.of("version", "total", "country")) {
      if (of.hasNonNull(name)) {
        row.put(name, name.equals("total") ? of.get(name).asDouble() + "" : of.get(name).asText());
      }
    }
    return row;
  }

  /** The log, folded here and by nobody's help. */
  private SortedMap<String, JsonNode> expected(String topic, String since, String... without)
      throws IOException {
    Map<Integer, Long> from = new HashMap<>();
    for (String each : since.isEmpty() ? new String[0] : since.split(", ")) {
      String[] parts = each.split("=");
      from.put(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
    }
    SortedMap<String, JsonNode> rows = new TreeMap<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            platform.kafka(), new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(each -> new TopicPartition(topic, each.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
        for (var record : consumer.poll(Duration.ofMillis(200))) {
          if (record.value() == null) {
            rows.remove(record.key());
            continue;
          }
          ObjectNode event = (ObjectNode) Json.LENIENT.readTree(record.value());
          if (record.offset() < from.getOrDefault(record.partition(), 0L)) {
            event.remove("country");
          }
          event.remove(List.of(without));
          rows.put(record.key(), row(event));
        }
      }
    }
    return rows;
  }
}
