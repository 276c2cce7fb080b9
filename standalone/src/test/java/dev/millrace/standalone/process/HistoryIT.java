package dev.millrace.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What the log does not have any more. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HistoryIT {
  private static final String TOPIC = "sales.orders";
  private static final int PARTITIONS = 4;
  private static final long BEFORE = 2_000;
  private static final long LOST = 3_000;
  private static final long ALL = 4_000;
  private static final String TABLE = "tenants/risk/subscriptions/orders-table";
  private static final String JOURNAL = "tenants/risk/subscriptions/invoices-journal";
  private static final String HASHES = "tenants/risk/subscriptions/orders-hashes";

  @TempDir static Path directory;

  private final Orders orders = new Orders(1_500);
  private PlatformProcess platform;
  private Api api;

  @BeforeAll
  void start() {
    PlatformProcess.letOthersPass(directory);
    platform = PlatformProcess.start(directory.resolve("data"));
    api = new Api(platform);
    assertThat(api.postYaml("tenants/sales/products", Orders.PRODUCT).status()).isEqualTo(201);
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  @Test
  void whatIsLostIsNamedAcceptedPassedAndRemembered() throws Exception {
    orders.publish(platform.kafka(), TOPIC, 0, BEFORE);
    both("state: Running\nrequests: {acceptLoss: \"at-first\"}\n");
    awaitBoth("ready", status -> isTrue(status, "Ready"));
    assertThat(status(TABLE).at("/honoured/acceptLoss").asText()).isEqualTo("at-first");
    both("state: Paused\nrequests: {acceptLoss: \"at-first\"}\n");
    awaitBoth("paused", status -> phases(status).equals(List.of("Paused")));
    orders.publish(platform.kafka(), TOPIC, BEFORE, LOST);
    long lost = deleteAll() - BEFORE;
    both("state: Running\nrequests: {acceptLoss: \"at-first\"}\n");

    awaitBoth("stopped", status -> reason(status, "Degraded").equals("HistoryLost"));
    assertThat(read(TABLE)).isEqualTo(BEFORE);

    both("state: Running\nrequests: {acceptLoss: \"once\"}\n");
    awaitBoth(
        "behind it, though nothing came",
        status ->
            status.at("/progress/lagEvents").asLong(-1) == 0
                && phases(status).equals(List.of("Live")));
    orders.publish(platform.kafka(), TOPIC, LOST, ALL);
    awaitBoth(
        "caught up", status -> status.at("/progress/counts/read").asLong() == BEFORE + ALL - LOST);

    holds(orders.expected(BEFORE, total -> true));
    assertThat(List.of(status(TABLE), status(HASHES)))
        .allSatisfy(status -> {
          assertThat(status.at("/honoured/acceptLoss").asText()).isEqualTo("once");
          assertThat(status.path("phase").asText()).isEqualTo("Live");
          assertThat(reason(status, "Ready")).isEqualTo("LossAccepted");
          assertThat(reason(status, "Degraded")).isEqualTo("LossAccepted");
          assertThat(sum(status.path("lost"), "offsets")).isEqualTo(lost);
        });

    // What is built anew begins behind it, and what is not in the log any more is not in it either.
    both("state: Running\nrequests: {acceptLoss: \"once\", rebuild: \"once\"}\n");
    awaitBoth(
        "rebuilt",
        status ->
            status.at("/partitions/0/definition").asLong() == 2
                && status.at("/progress/counts/read").asLong() == ALL - LOST);
    holds(new TreeMap<>());
    assertThat(reason(status(TABLE), "Ready")).isEqualTo("LossAccepted");
    assertThat(platform.errors()).isEmpty();
  }

  /** Its rows would depend on when they were read. */
  @Test
  void whereNotEveryEventIsKeptNotEveryEventCanBeARow() throws Exception {
    assertThat(
            api.postYaml("tenants/sales/products", Orders.PRODUCT.replace("orders}", "invoices}"))
                .status())
        .isEqualTo(201);
    cleanup("compact");
    put(
        JOURNAL,
        "sales/invoices",
        "mode: Append\nstore: {class: postgres-embedded, table: {name: journal}}\n" + SELECT);
    PlatformProcess.await(
        "refused",
        PlatformProcess.LONG,
        () -> reason(status(JOURNAL), "Ready").equals("AppendOnCompacted"));

    cleanup("delete");

    PlatformProcess.await("ready", PlatformProcess.LONG, () -> isTrue(status(JOURNAL), "Ready"));
  }

  private void cleanup(String policy) throws Exception {
    try (Admin admin = Admin.create(platform.kafka())) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, "sales.invoices"),
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry("cleanup.policy", policy), AlterConfigOp.OpType.SET))))
          .all()
          .get(60, TimeUnit.SECONDS);
    }
  }

  private interface Seen {
    boolean of(JsonNode status);
  }

  private void awaitBoth(String what, Seen seen) {
    for (String each : List.of(TABLE, HASHES)) {
      PlatformProcess.await(
          each + " is " + what, PlatformProcess.LONG, () -> seen.of(status(each)));
    }
  }

  /** What was there before, with what came behind the loss. */
  private void holds(SortedMap<String, Long> before) throws Exception {
    for (long i = LOST; i < ALL; i++) {
      Orders.Event event = orders.event(i);
      if (event.order().isPresent()) {
        before.put(event.key(), event.version());
      } else {
        before.remove(event.key());
      }
    }
    Contents contents = new Contents(api);
    assertThat(contents.table(TABLE, "order_id", "version")).isEqualTo(before);
    assertThat(contents.keys(HASHES, "orderId", "version")).isEqualTo(before);
  }

  /** Returns how many offsets there ever were. */
  private long deleteAll() throws Exception {
    try (Admin admin = Admin.create(platform.kafka())) {
      Map<TopicPartition, Long> ends =
          admin
              .listOffsets(
                  IntStream.range(0, PARTITIONS)
                      .boxed()
                      .collect(
                          Collectors.toMap(
                              partition -> new TopicPartition(TOPIC, partition),
                              partition -> OffsetSpec.latest())))
              .all()
              .get(60, TimeUnit.SECONDS)
              .entrySet()
              .stream()
              .collect(Collectors.toMap(Map.Entry::getKey, end -> offset(end.getValue())));
      admin
          .deleteRecords(
              ends.entrySet().stream()
                  .collect(
                      Collectors.toMap(
                          Map.Entry::getKey, end -> RecordsToDelete.beforeOffset(end.getValue()))))
          .all()
          .get(60, TimeUnit.SECONDS);
      return ends.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  private static long offset(ListOffsetsResultInfo info) {
    return info.offset();
  }

  private JsonNode status(String subscription) {
    return api.get(subscription).body().path("status");
  }

  private long read(String subscription) {
    return status(subscription).at("/progress/counts/read").asLong();
  }

  private static boolean isTrue(JsonNode status, String type) {
    return condition(status, type).path("status").asText().equals("True");
  }

  private static String reason(JsonNode status, String type) {
    return condition(status, type).path("reason").asText();
  }

  private static JsonNode condition(JsonNode status, String type) {
    for (JsonNode each : status.path("conditions")) {
      if (each.path("type").asText().equals(type)) {
        return each;
      }
    }
    return MissingNode.getInstance();
  }

  /** Each that some partition is in. */
  private static List<String> phases(JsonNode status) {
    return status.path("partitions").findValuesAsText("phase").stream().distinct().toList();
  }

  private static long sum(JsonNode of, String field) {
    return of.findValues(field).stream().mapToLong(JsonNode::asLong).sum();
  }

  private void both(String more) {
    put(
        TABLE,
        "sales/orders",
        more + "store: {class: postgres-embedded, table: {name: orders}}\n" + SELECT);
    put(
        HASHES,
        "sales/orders",
        more + "store: {class: redis-embedded, redis: {key: \"order:{orderId}\"}}\n");
  }

  private static final String SELECT =
      """
      select:
      - {field: orderId, as: order_id, key: true}
      - {field: version}
      """;

  private void put(String path, String product, String spec) {
    Api.Answer answer =
        api.putYaml(
            path,
            """
            apiVersion: millrace.dev/v1alpha1
            kind: DataSubscription
            metadata: {name: %s, namespace: risk}
            spec:
              product: %s
            %s\
            """
                .formatted(path.substring(path.lastIndexOf('/') + 1), product, spec.indent(2)));
    assertThat(answer.status()).as("%s", answer.body()).isBetween(200, 201);
  }
}
