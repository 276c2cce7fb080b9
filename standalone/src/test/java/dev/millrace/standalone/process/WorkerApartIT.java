package dev.millrace.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerApartIT {
  private static final String TABLE = "tenants/risk/subscriptions/orders";

  @TempDir Path directory;

  @Test
  void withoutAWorkerAllIsProvisionedAndNothingAppliedUntilOneComes() throws Exception {
    PlatformProcess.letOthersPass(directory);
    Path data = directory.resolve("data");
    try (PlatformProcess platform = PlatformProcess.start(data, "--no-worker")) {
      Api api = new Api(platform);
      Orders orders = new Orders(100);
      assertThat(api.postYaml("tenants/sales/products", Orders.PRODUCT).status()).isEqualTo(201);
      orders.publish(platform.kafka(), "sales.orders", 0, 500);
      assertThat(api.putYaml(TABLE, subscription()).status()).isEqualTo(201);
      PlatformProcess.await(
          "provisioned", PlatformProcess.LONG, () -> api.isTrue(TABLE, "Provisioned"));

      Process worker =
          PlatformProcess.launch(
              directory.resolve("worker.out"), List.of("worker", "--data", data.toString()));
      try {
        PlatformProcess.await("ready", PlatformProcess.LONG, () -> api.isTrue(TABLE, "Ready"));

        for (JsonNode partition : api.get(TABLE).body().at("/status/partitions")) {
          assertThat(partition.path("worker").asText()).isEqualTo("worker-" + worker.pid());
        }
        assertThat(Files.readString(directory.resolve("worker.out")))
            .contains("INFO  [dev.mil.pro.Worker] (main) started worker=worker-" + worker.pid());
        assertThat(new Contents(api).table(TABLE, "\"orderId\"", "version"))
            .isEqualTo(orders.expected(500, total -> true));
      } finally {
        worker.destroy();
        worker.waitFor();
      }
    }
  }

  private static String subscription() {
    return """
    apiVersion: millrace.dev/v1alpha1
    kind: DataSubscription
    metadata: {name: orders, namespace: risk}
    spec:
      product: sales/orders
      store: {class: postgres-embedded, table: {name: orders}}
    """;
  }
}
