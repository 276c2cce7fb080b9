package dev.millrace.catalog;

import dev.millrace.catalog.Api.Reply;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.Assertions;

/** Bodies and objects that tests begin with. Names are new each time: tests share one catalog. */
public final class Samples {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private Samples() {}

  public static String fresh(String prefix) {
    return prefix + "-" + COUNT.incrementAndGet();
  }

  /** Registers a product of orders and returns its name in the tenant {@code sales}. */
  public static String orders() {
    String name = fresh("orders");
    Reply reply = Api.ADA.post("/tenants/sales/products", product(name));
    Assertions.assertThat(reply.status()).as(reply.text()).isEqualTo(201);
    return name;
  }

  public static String product(String name) {
    return """
    {"apiVersion": "millrace.dev/v1alpha1", "kind": "DataProduct",
     "metadata": {"name": "%s"},
     "spec": {"description": "orders of the shop", "key": "id", "topic": {"partitions": 2},
      "schema": {"type": "object", "required": ["id"], "properties": {
        "id": {"type": "string"}, "total": {"type": "number"},
        "country": {"type": "string"}, "lines": {"type": "array", "items": {"type": "string"}}}}}}
    """
        .formatted(name);
  }

  public static String subscription(String product) {
    return """
    {"apiVersion": "millrace.dev/v1alpha1", "kind": "DataSubscription",
     "spec": {"product": "sales/%s", "filter": "event.total > 10.0",
      "store": {"class": "postgres-embedded"}}}
    """
        .formatted(product);
  }

  /** Puts a subscription and returns its path. */
  public static String subscribed(String product) {
    String path = "/tenants/risk/subscriptions/" + fresh("sub");
    Reply reply = Api.ADA.put(path, subscription(product));
    Assertions.assertThat(reply.status()).as(reply.text()).isEqualTo(201);
    return path;
  }
}
