package dev.millrace.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a subscription holds is built anew while events pour in. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RebuildIT {
  private static final long HISTORY = 40_000;
  private static final String TABLE = "tenants/risk/subscriptions/big-orders";
  private static final String HASHES = "tenants/risk/subscriptions/big-hashes";
  private static final String PAST = "tenants/risk/subscriptions/past-orders";
  private static final String SELECT =
      """
      select:
      - {field: orderId, as: order_id, key: true}
      - {field: version}
      """;

  @TempDir static Path directory;

  private final Orders orders = new Orders(5_000);
  private final AtomicLong published = new AtomicLong();
  private final AtomicBoolean publishing = new AtomicBoolean(true);
  private PlatformProcess platform;
  private Api api;
  private Thread producing;
  private Instant afterHistory;

  @BeforeAll
  void start() {
    PlatformProcess.letOthersPass(directory);
    platform = PlatformProcess.start(directory.resolve("data"));
    api = new Api(platform);
    assertThat(api.postYaml("tenants/sales/products", Orders.PRODUCT).status()).isEqualTo(201);
    publish(HISTORY);
    afterHistory = Instant.now().plusMillis(2);
    PlatformProcess.await(
        "a moment later", PlatformProcess.LONG, () -> Instant.now().isAfter(afterHistory));
    table("filter: event.total >= 100.0\n" + SELECT, "", 201);
    hashes("filter: event.total >= 100.0", "", 201);
    PlatformProcess.await(
        "ready",
        PlatformProcess.LONG,
        () -> api.isTrue(TABLE, "Ready") && api.isTrue(HASHES, "Ready"));
    producing = produce();
  }

  private Thread produce() {
    publishing.set(true);
    return Thread.ofPlatform()
        .start(() -> {
          while (publishing.get()) {
            publish(50);
          }
        });
  }

  private void publish(long count) {
    orders.publish(platform.kafka(), "sales.orders", published.get(), published.get() + count);
    published.addAndGet(count);
  }

  @AfterAll
  void stop() throws InterruptedException {
    publishing.set(false);
    producing.join();
    platform.close();
  }

  @Test
  void anotherFilterAnotherShapeAndTheSameAgain() throws Exception {
    table("filter: event.total >= 500.0\n" + SELECT, "", 200);
    hashes("filter: event.total >= 500.0", "", 200);
    rebuilt(TABLE, 2);
    rebuilt(HASHES, 2);
    holds(total -> total >= 500);

    // Another shape of the table, another form of the keys.
    table("filter: event.total >= 500.0\n" + SELECT + "- {field: country}\n", "", 200);
    rebuilt(TABLE, 3);
    holds(total -> total >= 500);

    table(
        "filter: event.total >= 500.0\n" + SELECT + "- {field: country}\n",
        "requests: {rebuild: \"once\"}",
        200);
    hashes("filter: event.total >= 500.0", "requests: {rebuild: \"once\"}", 200);
    rebuilt(TABLE, 4);
    rebuilt(HASHES, 3);
    holds(total -> total >= 500);
    assertThat(status(TABLE).at("/honoured/rebuild").asText()).isEqualTo("once");
    assertThat(status(HASHES).at("/honoured/rebuild").asText()).isEqualTo("once");
    assertThat(platform.errors()).isEmpty();
  }

  @Test
  void thePastStateOfAStreamIsCompleteAndThenFinished() throws Exception {
    String spec = SELECT + "until: {timestamp: " + afterHistory + "}\n";
    put(PAST, spec + "store: {class: postgres-embedded, table: {name: past}}\n", 201);
    PlatformProcess.await(
        "finished",
        PlatformProcess.LONG,
        () ->
            status(PAST).path("phase").asText().equals("Finished")
                && lag(PAST) == 0
                && read(PAST) == HISTORY);

    assertThat(api.isTrue(PAST, "Complete")).isTrue();
    assertThat(api.isTrue(PAST, "Ready")).isTrue();
    assertThat(new Contents(api).table(PAST, "order_id", "version"))
        .isEqualTo(orders.expected(HISTORY, total -> true));
  }

  private void rebuilt(String subscription, long definition) {
    PlatformProcess.await(
        "rebuilt " + subscription + " " + definition + ", but " + status(subscription),
        PlatformProcess.LONG,
        () -> {
          JsonNode now = status(subscription);
          assertThat(now.path("phase").asText()).as("%s", now).isEqualTo("Live");
          assertThat(api.isTrue(subscription, "Ready")).isTrue();
          return !status(subscription).has("rebuild")
              && status(subscription).at("/partitions/0/definition").asLong() == definition;
        });
  }

  private JsonNode status(String subscription) {
    return api.get(subscription).body().path("status");
  }

  /** Stops publishing for as long as it takes to look. */
  private void holds(LongPredicate total) throws Exception {
    publishing.set(false);
    producing.join();
    SortedMap<String, Long> expected = orders.expected(published.get(), total);
    Contents contents = new Contents(api);
    // What is told of a store is some moments old; what it counts moves with its rows.
    PlatformProcess.await(
        "caught up",
        PlatformProcess.LONG,
        () -> read(TABLE) == published.get() && read(HASHES) == published.get());
    assertThat(contents.table(TABLE, "order_id", "version")).isEqualTo(expected);
    assertThat(contents.keys(HASHES, "orderId", "version")).isEqualTo(expected);
    producing = produce();
  }

  private long lag(String subscription) {
    return status(subscription).at("/progress/lagEvents").asLong(-1);
  }

  private long read(String subscription) {
    return status(subscription).at("/progress/counts/read").asLong();
  }

  private void table(String spec, String more, int status) {
    put(
        TABLE,
        spec + "\nstore: {class: postgres-embedded, table: {name: orders}}\n" + more,
        status);
  }

  private void hashes(String spec, String more, int status) {
    put(
        HASHES,
        spec + "\nstore: {class: redis-embedded, redis: {key: \"order:{orderId}\"}}\n" + more,
        status);
  }

  private void put(String path, String spec, int status) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    Api.Answer answer =
        api.putYaml(
            path,
            """
            apiVersion: millrace.dev/v1alpha1
            kind: DataSubscription
            metadata: {name: %s, namespace: risk}
            spec:
              product: sales/orders
            %s\
            """
                .formatted(name, spec.indent(2)));
    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(status);
  }
}
