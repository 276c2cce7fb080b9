package dev.millrace.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline explains itself: before any worker has it, at one, at two, and at rest. */
class ExplainIT {
  private static final String TABLE = "tenants/risk/subscriptions/orders";
  private static final String KEYS = "tenants/risk/subscriptions/order-cache";

  @TempDir Path directory;
  private final List<Process> workers = new ArrayList<>();
  private PlatformProcess platform;
  private Api api;

  @BeforeEach
  void start() {
    PlatformProcess.letOthersPass(directory);
    platform = PlatformProcess.start(directory.resolve("data"), "--no-worker");
    api = new Api(platform);
  }

  @AfterEach
  void stop() throws InterruptedException {
    for (Process worker : workers) {
      worker.destroy();
      worker.waitFor();
    }
    platform.close();
  }

  @Test
  void beforeAWorkerHasItAtOneAtTwoAndAtRest() throws Exception {
    assertThat(api.get(TABLE + "/explain").code()).isEqualTo("NotFound");
    Orders orders = new Orders(5000);
    assertThat(api.postYaml("tenants/sales/products", Orders.PRODUCT).status()).isEqualTo(201);
    orders.publish(platform.kafka(), "sales.orders", 0, 20_000);
    assertThat(api.putYaml(TABLE, table("Running")).status()).isEqualTo(201);
    assertThat(api.putYaml(KEYS, keys()).status()).isEqualTo(201);
    PlatformProcess.await(
        "provisioned", PlatformProcess.LONG, () -> api.isTrue(TABLE, "Provisioned"));

    thePlanIsKnownThoughNobodyHasIt();

    String first = startWorker();
    PlatformProcess.await("ready", PlatformProcess.LONG, () -> api.isTrue(TABLE, "Ready"));
    PlatformProcess.await("ready", PlatformProcess.LONG, () -> api.isTrue(KEYS, "Ready"));
    oneWorkerHasMeasuredAllOfIt(first);

    String second = startWorker();
    PlatformProcess.await(
        "both to explain",
        PlatformProcess.LONG,
        () -> workersIn(explain(TABLE)).equals(Set.of(first, second)));
    assertThat(partitionsIn(explain(TABLE))).containsExactly(0, 1, 2, 3);

    assertThat(api.putYaml(TABLE, table("Paused")).status()).isEqualTo(200);
    PlatformProcess.await(
        "to rest",
        PlatformProcess.LONG,
        () -> explain(TABLE).path("state").asText().equals("Paused"));
    theTerminalSaysThatItRests();
  }

  private void thePlanIsKnownThoughNobodyHasIt() {
    JsonNode found = explain(TABLE);

    assertThat(found.at("/fields").findValuesAsText("field"))
        .containsExactly("orderId", "note", "total");
    assertThat(found.at("/expressions/0/compiled").asBoolean(false)).isTrue();
    assertThat(found.at("/expressions/1/compiled").asBoolean(true)).isFalse();
    assertThat(found.at("/expressions/1/why").asText()).contains("is not compiled");
    assertThat(found.at("/ways").findValuesAsText("name")).contains("Copy", "Statement");
    assertThat(found.at("/measured")).isEmpty();
    assertThat(found.at("/unmeasured").findValuesAsText("code")).containsExactly("WorkerSilent");
    assertThat(found.at("/unmeasured/0/partitions")).hasSize(4);
  }

  /** Both subscriptions have read all, so one reader serves them. */
  private void oneWorkerHasMeasuredAllOfIt(String worker) {
    PlatformProcess.await(
        "to be read together",
        PlatformProcess.LONG,
        () -> {
          JsonNode shared = explain(TABLE).at("/measured/0/partitions");
          return shared.findValuesAsText("sharedWith").equals(List.of("1", "1", "1", "1"));
        });
    JsonNode found = explain(TABLE);

    assertThat(workersIn(found)).containsExactly(worker);
    assertThat(partitionsIn(found)).containsExactly(0, 1, 2, 3);
    assertThat(found.at("/unmeasured")).isEmpty();
    JsonNode measured = found.at("/measured/0");
    assertThat(measured.at("/eventsInBatch/largest").asLong()).isPositive();
    long written = 0;
    for (JsonNode way : measured.path("ways")) {
      written += way.asLong();
    }
    assertThat(written).isPositive();
    double sum = 0;
    for (JsonNode share : measured.path("time")) {
      sum += share.asDouble();
    }
    assertThat(sum).isBetween(0.99, 1.01);
    assertThat(found.path("sentence").asText()).isNotEmpty();
    assertThat(explain(KEYS).at("/ways").findValuesAsText("name"))
        .containsExactly("Transaction", "PackedTransaction");
  }

  private void theTerminalSaysThatItRests() throws IOException, InterruptedException {
    Path output = directory.resolve("explain.out");
    Process explain =
        PlatformProcess.launch(
            output,
            List.of("explain", "risk/orders", "--data", directory.resolve("data").toString()));

    assertThat(explain.waitFor(180, TimeUnit.SECONDS)).isTrue();
    assertThat(explain.exitValue()).isZero();
    assertThat(Files.readString(output))
        .contains(
            "Nothing is measured. It is paused: nothing is read or written.",
            "orderId (key, column order_id)",
            "runs in the reference evaluator");
  }

  private String startWorker() {
    Process worker =
        PlatformProcess.launch(
            directory.resolve("worker-" + workers.size() + ".out"),
            List.of("worker", "--data", directory.resolve("data").toString()));
    workers.add(worker);
    return "worker-" + worker.pid();
  }

  private JsonNode explain(String subscription) {
    Api.Answer answer = api.get(subscription + "/explain");
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    return answer.body();
  }

  private static Set<String> workersIn(JsonNode explanation) {
    return new TreeSet<>(explanation.path("measured").findValuesAsText("worker"));
  }

  private static Set<Integer> partitionsIn(JsonNode explanation) {
    Set<Integer> partitions = new TreeSet<>();
    for (JsonNode measured : explanation.path("measured")) {
      measured.path("partitions").forEach(each -> partitions.add(each.path("partition").asInt()));
    }
    return partitions;
  }

  private static String table(String state) {
    return """
    apiVersion: millrace.dev/v1alpha1
    kind: DataSubscription
    metadata: {name: orders, namespace: risk}
    spec:
      product: sales/orders
      state: %s
      filter: "!has(event.note) || event.note != ''"
      select:
      - {field: orderId, as: order_id, key: true}
      - {expr: "[event.total].exists(t, t > 500.0)", as: large}
      store: {class: postgres-embedded, table: {name: orders}}
    """
        .formatted(state);
  }

  private static String keys() {
    return """
    apiVersion: millrace.dev/v1alpha1
    kind: DataSubscription
    metadata: {name: order-cache, namespace: risk}
    spec:
      product: sales/orders
      store: {class: redis-embedded, redis: {key: "order:{orderId}"}}
    """;
  }
}
