package dev.millrace.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReclaimIT {
  private static final long EVENTS = 2_000;
  private static final String SUBSCRIPTIONS = "tenants/risk/subscriptions/";

  @TempDir static Path directory;

  private final Orders orders = new Orders(500);
  private PlatformProcess platform;
  private Api api;

  @BeforeAll
  void start() {
    PlatformProcess.letOthersPass(directory);
    platform = PlatformProcess.start(directory.resolve("data"));
    api = new Api(platform);
    assertThat(api.postYaml("tenants/sales/products", Orders.PRODUCT).status()).isEqualTo(201);
    orders.publish(platform.kafka(), "sales.orders", 0, EVENTS);
    publishBroken();
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  @Test
  void withDeleteNothingRemainsButTheEntriesInTheJournal() throws Exception {
    Footprint before = Footprint.of(platform, api);
    declare("Delete");
    assertThat(api.get(table("Delete") + "/dead-letters").body().path("items")).hasSize(1);
    assertThat(api.get(hashes("Delete") + "/dead-letters").body().path("items")).hasSize(1);
    assertThat(Footprint.of(platform, api).redis()).hasSizeGreaterThan(before.redis().size());

    delete("Delete");

    assertThat(Footprint.of(platform, api)).isEqualTo(before);
    assertThat(actorsInJournal("risk/table-delete")).isNotEmpty().doesNotContainNull();
    assertThat(platform.errors()).isEmpty();
  }

  @Test
  void withRetainTheRowsStayAndTheReaderCanStillReadThem() throws Exception {
    declare("Retain");
    Contents contents = new Contents(api);
    var table = contents.login(table("Retain"));

    delete("Retain");

    try (var connection = contents.connect(table);
        var row =
            connection
                .createStatement()
                .executeQuery("SELECT count(*) FROM " + table.path("relation").asText())) {
      row.next();
      assertThat(row.getLong(1)).isEqualTo(orders.expected(EVENTS, total -> true).size());
    }
    String database = table.path("database").asText();
    assertThat(rows(database, "cursor")).isEqualTo("0");
    assertThat(rows(database, "dead_letter")).isEqualTo("0");
    // Remembers whose the table is, so that nobody takes it over.
    assertThat(rows(database, "subscription")).isEqualTo("1");
  }

  private String rows(String database, String bookkeeping) throws Exception {
    return Footprint.query(platform, database, "SELECT count(*) FROM millrace." + bookkeeping)
        .first();
  }

  private void declare(String reclaimPolicy) {
    for (String path : List.of(table(reclaimPolicy), hashes(reclaimPolicy))) {
      String store =
          path.equals(table(reclaimPolicy))
              ? "class: postgres-embedded"
              : "class: redis-embedded, redis: {key: \"" + reclaimPolicy + ":{orderId}\"}";
      Api.Answer answer =
          api.putYaml(
              path,
              """
              apiVersion: millrace.dev/v1alpha1
              kind: DataSubscription
              metadata: {name: %s}
              spec:
                product: sales/orders
                store: {%s, reclaimPolicy: %s}
              """
                  .formatted(path.substring(path.lastIndexOf('/') + 1), store, reclaimPolicy));
      assertThat(answer.status()).as("%s", answer.body()).isEqualTo(201);
    }
    for (String path : List.of(table(reclaimPolicy), hashes(reclaimPolicy))) {
      PlatformProcess.await("ready", PlatformProcess.LONG, () -> api.isTrue(path, "Ready"));
    }
  }

  private void delete(String reclaimPolicy) {
    for (String path : List.of(table(reclaimPolicy), hashes(reclaimPolicy))) {
      assertThat(api.delete(path).status()).isEqualTo(202);
    }
    for (String path : List.of(table(reclaimPolicy), hashes(reclaimPolicy))) {
      PlatformProcess.await("gone", PlatformProcess.LONG, () -> api.get(path).status() == 404);
    }
  }

  private static String table(String reclaimPolicy) {
    return SUBSCRIPTIONS + "table-" + reclaimPolicy.toLowerCase(Locale.ROOT);
  }

  private static String hashes(String reclaimPolicy) {
    return SUBSCRIPTIONS + "hashes-" + reclaimPolicy.toLowerCase(Locale.ROOT);
  }

  private void publishBroken() {
    try (var producer =
        new KafkaProducer<>(platform.kafka(), new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>("sales.orders", "o-broken", "no JSON at all"));
      producer.flush();
    }
  }

  private SortedSet<String> actorsInJournal(String subscription) throws Exception {
    return Footprint.query(
        platform,
        "millrace_catalog",
        "SELECT DISTINCT actor FROM millrace_catalog.journal WHERE key = '" + subscription + "'");
  }
}
