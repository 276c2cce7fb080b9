package dev.millrace.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashIT {
  private static final long EVENTS = 400_000;
  private static final int KILLS = 4;
  private static final String TABLE = "tenants/risk/subscriptions/big-orders";
  private static final String HASHES = "tenants/risk/subscriptions/all-orders";

  @TempDir Path directory;

  @BeforeEach
  void letOthersPass() {
    PlatformProcess.letOthersPass(directory);
  }

  private final Orders orders = new Orders(60_000);

  @Test
  void killedAtAnyMomentOfThePreloadTheStoresEndExactlyRight() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Path data = directory.resolve("data");
    PlatformProcess platform = PlatformProcess.start(data);
    try {
      declare(platform);
      for (int kill = 0; kill < KILLS; kill++) {
        Thread.sleep(random.nextInt(1_500));
        platform.kill();
        platform = PlatformProcess.begin(data, platform.port()).awaitUp();
      }
      Api api = new Api(platform);
      PlatformProcess.await(
          "ready (seed " + seed + ")",
          PlatformProcess.LONG,
          () -> api.isTrue(TABLE, "Ready") && api.isTrue(HASHES, "Ready"));

      Contents contents = new Contents(api);
      assertThat(contents.table(TABLE, "order_id", "version"))
          .as("seed %d", seed)
          .isEqualTo(orders.expected(EVENTS, total -> total >= 100));
      assertThat(contents.keys(HASHES, "orderId", "version"))
          .as("seed %d", seed)
          .isEqualTo(orders.expected(EVENTS, total -> true));
      assertThat(accounted(api, TABLE)).isEqualTo(EVENTS);
      assertThat(accounted(api, HASHES)).isEqualTo(EVENTS);
    } finally {
      platform.close();
    }
    assertThat(platform.servers()).isEmpty();
  }

  private void declare(PlatformProcess platform) {
    Api api = new Api(platform);
    assertThat(api.postYaml("tenants/sales/products", Orders.PRODUCT).status()).isEqualTo(201);
    orders.publish(platform.kafka(), "sales.orders", 0, EVENTS);
    put(
        api,
        TABLE,
        """
        product: sales/orders
        filter: event.total >= 100.0
        select:
        - {field: orderId, as: order_id, key: true}
        - {field: version}
        - {field: total, type: "decimal(12,2)"}
        store: {class: postgres-embedded, table: {name: orders}}
        """);
    put(
        api,
        HASHES,
        """
        product: sales/orders
        store: {class: redis-embedded, redis: {key: "order:{orderId}"}}
        """);
  }

  private static void put(Api api, String path, String spec) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    Api.Answer answer =
        api.putYaml(
            path,
            """
            apiVersion: millrace.dev/v1alpha1
            kind: DataSubscription
            metadata: {name: %s, namespace: risk}
            spec:
            %s\
            """
                .formatted(name, spec.indent(2)));
    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(201);
  }

  /** Every event that was read went somewhere, and it was read once. */
  private static long accounted(Api api, String subscription) {
    JsonNode counts = api.get(subscription).body().at("/status/progress/counts");
    assertThat(counts.path("read").asLong())
        .isEqualTo(
            counts.path("applied").asLong()
                + counts.path("filtered").asLong()
                + counts.path("deadLettered").asLong()
                + counts.path("skipped").asLong());
    return counts.path("read").asLong();
  }
}
