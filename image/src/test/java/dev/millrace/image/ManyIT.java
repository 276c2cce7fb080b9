package dev.millrace.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * Many subscriptions in shared stores: from nothing to Ready, and at rest. A few in CI; the figures
 * are of {@code -Dmany=1000}.
 */
class ManyIT {
  private static final int MANY = Integer.getInteger("many", 30);
  private static final int EVENTS = 5_000;
  private static final Duration REST = Duration.ofSeconds(Integer.getInteger("rest", 15));
  private static final String OPERATOR = "system:serviceaccount:millrace-system:millrace-operator";

  @Test
  void theyBecomeReadyAndRest() throws Exception {
    try (Installation cluster = Installation.start()) {
      cluster.page().section("Offer a store");
      cluster.kubectl("", "create", "namespace", "many");
      cluster.kubectl(beginning(), "apply", "-f", "-");
      cluster.kubectl("", "wait", "--for=condition=Ready", "dp/things", "-n", "many");
      Orders orders = new Orders("many.things", cluster.kafka());
      orders.publish(EVENTS);

      long begun = System.nanoTime();
      cluster.kubectl(subscriptions(), "apply", "--server-side", "-f", "-");
      cluster.await("all are Ready", 60 + MANY / 2, () -> ready(cluster) == MANY);
      double seconds = (System.nanoTime() - begun) / 1e9;

      for (int each : List.of(0, MANY / 2, MANY - 1)) {
        Map<String, String> secret = cluster.secret("many", "s" + each + "-credentials");
        cluster.await("rows", 30, () -> Rows.inPostgres(secret).equals(orders.in("DE")));
      }
      atRest(cluster);
      Instant from = Instant.now();
      TimeUnit.MILLISECONDS.sleep(REST.toMillis());
      List<JsonNode> asked = asked(cluster, from);
      long megabytes = megabytes(cluster);
      System.out.printf(
          "%d subscriptions Ready after %.1f s; at rest %d requests in %d s; operator %d MB%n",
          MANY, seconds, asked.size(), REST.toSeconds(), megabytes);

      assertThat(asked.stream().filter(ManyIT::writes)).as("writes besides Leases").isEmpty();
      assertThat(asked.size()).as("requests").isLessThan((int) REST.toSeconds());
      assertThat(megabytes).isLessThan(512);
    }
  }

  private static String beginning() {
    return """
    apiVersion: millrace.dev/v1alpha1
    kind: DataProduct
    metadata: {name: things, namespace: many}
    spec:
      key: id
      schema:
        type: object
        properties:
          id: {type: string}
          country: {type: string}
          total: {type: integer}
        required: [id, country, total]
    ---
    apiVersion: millrace.dev/v1alpha1
    kind: Store
    metadata: {name: shared, namespace: many}
    spec: {class: postgres, reclaimPolicy: Delete}
    """;
  }

  private static String subscriptions() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      all.add(
          """
          apiVersion: millrace.dev/v1alpha1
          kind: DataSubscription
          metadata: {name: s%d, namespace: many}
          spec:
            product: many/things
            filter: event.country == 'DE'
            store: {name: shared, table: {name: t%d}, reclaimPolicy: Delete}
          """
              .formatted(i, i));
    }
    return String.join("---\n", all);
  }

  private static long ready(Installation cluster) throws IOException, InterruptedException {
    TimeUnit.MILLISECONDS.sleep(500);
    return cluster
        .kubectl(
            "",
            "get",
            "dsub",
            "-n",
            "many",
            "-o",
            "jsonpath={range .items[*]}{.status.conditions[?(@.type==\"Ready\")].status}{\"\\n\"}{end}")
        .lines()
        .filter("True"::equals)
        .count();
  }

  /**
   * All has been told: each status has the last numbers, which it may get half a minute late and a
   * pace that is over once more, and then nothing was written for some seconds but the Lease.
   */
  private static void atRest(Installation cluster) throws Exception {
    cluster.await("each status has the last numbers", 120, () -> told(cluster) == MANY);
    cluster.await(
        "nothing is written",
        150,
        () -> {
          Instant from = Instant.now();
          TimeUnit.SECONDS.sleep(8);
          return asked(cluster, from).stream().noneMatch(ManyIT::writes);
        });
  }

  /** How many statuses say that all events are where they belong, and that none come. */
  private static long told(Installation cluster) throws IOException, InterruptedException {
    TimeUnit.MILLISECONDS.sleep(500);
    JsonNode all =
        new ObjectMapper().readTree(cluster.kubectl("", "get", "dsub", "-n", "many", "-o", "json"));
    return StreamSupport.stream(all.path("items").spliterator(), false)
        .map(each -> each.path("status").path("progress"))
        .filter(progress -> progress.path("lagEvents").asLong(-1) == 0)
        .filter(progress -> progress.path("eventsPerSecond").asDouble(-1) == 0)
        .map(progress -> progress.path("counts"))
        .filter(
            counts -> counts.path("applied").asLong() + counts.path("filtered").asLong() == EVENTS)
        .count();
  }

  private static boolean writes(JsonNode request) {
    return !request.path("objectRef").path("resource").asText().equals("leases")
        && !List.of("get", "list", "watch").contains(request.path("verb").asText());
  }

  /** What the operator asked for since then. */
  private static List<JsonNode> asked(Installation cluster, Instant from) throws IOException {
    String log = Files.readString(cluster.server().audit());
    List<JsonNode> asked = new ArrayList<>();
    for (String line : log.substring(0, log.lastIndexOf('\n')).split("\n")) {
      JsonNode request = new ObjectMapper().readTree(line);
      if (request.path("user").path("username").asText().equals(OPERATOR)
          && Instant.parse(request.path("requestReceivedTimestamp").asText()).isAfter(from)) {
        asked.add(request);
      }
    }
    return asked;
  }

  /** What the operator's process has in memory. */
  private static long megabytes(Installation cluster) throws IOException {
    Pod pod =
        cluster
            .client()
            .pods()
            .inNamespace("millrace-system")
            .withLabel("app.kubernetes.io/component", "operator")
            .list()
            .getItems()
            .get(0);
    String id = pod.getStatus().getContainerStatuses().get(0).getContainerID();
    String status =
        Files.readString(Path.of("/proc", id.substring("process://".length()), "status"));
    String line =
        status.lines().filter(each -> each.startsWith("VmRSS:")).findFirst().orElseThrow();
    return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
  }
}
