package dev.millrace.chaos.round;

import dev.millrace.chaos.load.Row;
import java.math.BigDecimal;
import java.util.function.Predicate;

/** The three subscriptions of each scene. */
public enum Need {
  /** The last version of each key that a filter lets pass, in Postgres. */
  TABLE(
      """
      filter: event.total >= 12500.0
      select:
      - {field: orderId, as: order_id, key: true}
      - {field: version}
      - {field: total, type: "decimal(12,2)"}
      - {field: country}
      store: {name: warehouse, table: {name: table_%d}, reclaimPolicy: Delete}
      """,
      row -> row.total().compareTo(BigDecimal.valueOf(12_500)) >= 0),
  /** Every event, in Postgres. */
  JOURNAL(
      """
      mode: Append
      select:
      - {field: orderId, as: order_id, key: true}
      - {field: version}
      - {field: total, type: "decimal(12,2)"}
      - {field: country}
      store: {name: warehouse, table: {name: journal_%d}, reclaimPolicy: Delete}
      """,
      row -> true),
  /** The last version of each key, in Redis. */
  HASHES(
      """
      store: {name: cache, redis: {key: "o%d:{orderId}"}, reclaimPolicy: Delete}
      """,
      row -> true);

  private final String spec;
  private final Predicate<Row> filter;

  Need(String spec, Predicate<Row> filter) {
    this.spec = spec;
    this.filter = filter;
  }

  Predicate<Row> filter() {
    return filter;
  }

  String subscription(int scene) {
    return name().toLowerCase(java.util.Locale.ROOT) + "-" + scene;
  }

  /** Postgres: the table; Redis: what the keys begin with. */
  String place(int scene) {
    return this == HASHES ? "o" + scene + ":" : subscription(scene).replace('-', '_');
  }

  String yaml(int scene, String state) {
    return """
    apiVersion: millrace.dev/v1alpha1
    kind: DataSubscription
    metadata: {name: %s}
    spec:
      product: chaos/orders-%d
      onError: {policy: DeadLetter}
      state: %s
    """
            .formatted(subscription(scene), scene, state)
        + spec.formatted(scene).indent(2);
  }
}
