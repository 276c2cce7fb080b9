package dev.millrace.chaos.round;

import org.jspecify.annotations.Nullable;

/** The three subscriptions of each scene. */
public enum Need {
  /** The last version of each key that a filter lets pass, in Postgres. */
  TABLE(
      12_500,
      false,
      """
      store: {name: warehouse, table: {name: table_%d}, reclaimPolicy: Delete}
      """),
  /** Every event, in Postgres. */
  JOURNAL(
      null,
      false,
      """
      mode: Append
      store: {name: warehouse, table: {name: journal_%d}, reclaimPolicy: Delete}
      """),
  /** The last version of each key, in Redis. */
  HASHES(
      null,
      true,
      """
      store: {name: cache, redis: {key: "o%d:{orderId}"}, reclaimPolicy: Delete}
      """);

  private static final String AGAIN = "- {field: version, as: again}\n";
  private static final String AMOUNT = "- {field: amount, type: \"decimal(%d,2)\"}\n";
  private static final String COLUMNS =
      """
      select:
      - {field: orderId, as: order_id, key: true}
      - {field: version}
      - {field: total, type: "decimal(12,2)"}
      - {field: country}
      """;
  private static final String FIELDS =
      """
      select:
      - {field: orderId, key: true}
      - {field: version}
      - {field: total}
      - {field: country}
      """;

  private final @Nullable Integer least;
  private final boolean every;
  private final String spec;

  /**
   * @param every whether it takes every field in the beginning
   */
  Need(@Nullable Integer least, boolean every, String spec) {
    this.least = least;
    this.every = every;
    this.spec = spec;
  }

  /** What it asks for in the beginning. */
  Variant first() {
    return Variant.first(least, every);
  }

  String subscription(int scene) {
    return name().toLowerCase(java.util.Locale.ROOT) + "-" + scene;
  }

  /** Postgres: the table; Redis: what the keys begin with. */
  String place(int scene) {
    return this == HASHES ? "o" + scene + ":" : subscription(scene).replace('-', '_');
  }

  String yaml(int scene, String state, Variant variant) {
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
        + (spec.formatted(scene) + yaml(variant)).indent(2);
  }

  /** The same, going on behind what has left the log. */
  String yamlAcceptingLoss(int scene, Variant variant) {
    return yaml(scene, "Running", variant) + "  requests: {acceptLoss: \"once\"}\n";
  }

  private String yaml(Variant variant) {
    StringBuilder yaml = new StringBuilder();
    if (variant.least() != null) {
      yaml.append("filter: event.total >= ").append(variant.least()).append(".0\n");
    }
    if (!variant.takesEvery()) {
      yaml.append(this == HASHES ? FIELDS : COLUMNS);
      if (variant.precision() != null) {
        yaml.append(AMOUNT.formatted(variant.precision()));
      }
      if (variant.again()) {
        yaml.append(AGAIN);
      }
    }
    if (variant.onSchemaChange() != null) {
      yaml.append("onSchemaChange: ").append(variant.onSchemaChange()).append('\n');
    }
    if (variant.token() != null) {
      yaml.append("requests: {rebuild: \"").append(variant.token()).append("\"}\n");
    }
    return yaml.toString();
  }
}
