package dev.millrace.chaos.round;

import org.jspecify.annotations.Nullable;

/** The three subscriptions of each scene. */
public enum Need {
  /** The last version of each key that a filter lets pass, in Postgres. */
  TABLE(
      12_500,
      """
      store: {name: warehouse, table: {name: table_%d}, reclaimPolicy: Delete}
      """),
  /** Every event, in Postgres. */
  JOURNAL(
      null,
      """
      mode: Append
      store: {name: warehouse, table: {name: journal_%d}, reclaimPolicy: Delete}
      """),
  /** The last version of each key, in Redis. */
  HASHES(
      null,
      """
      store: {name: cache, redis: {key: "o%d:{orderId}"}, reclaimPolicy: Delete}
      """);

  private static final String AGAIN = "- {field: version, as: again}\n";
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
  private final String spec;

  Need(@Nullable Integer least, String spec) {
    this.least = least;
    this.spec = spec;
  }

  /** What it asks for in the beginning. */
  Variant first() {
    return new Variant(least, false, null);
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

  /** Without a column more, hashes have all fields, and the list of them is left out. */
  private String yaml(Variant variant) {
    String filter =
        variant.least() == null ? "" : "filter: event.total >= " + variant.least() + ".0\n";
    String select =
        this == HASHES
            ? variant.again() ? FIELDS + AGAIN : ""
            : variant.again() ? COLUMNS + AGAIN : COLUMNS;
    String requests =
        variant.token() == null ? "" : "requests: {rebuild: \"" + variant.token() + "\"}\n";
    return filter + select + requests;
  }
}
