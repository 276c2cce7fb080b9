package dev.millrace.standalone.demo;

import dev.millrace.api.ObjectKey;
import java.util.List;

/**
 * One of the demo's subscriptions. What it asks for is in the resource {@code demo/NAME.yaml}; what
 * it must therefore hold, independently, in {@code demo/NAME.sql}.
 *
 * @param keyColumn the column that tells rows apart
 */
record Subscription(String name, String product, Engine engine, String keyColumn) {
  enum Engine {
    POSTGRES,
    REDIS
  }

  static final String TENANT = "demo";

  static final List<Subscription> ALL =
      List.of(
          new Subscription("strong-quakes", "earthquakes", Engine.POSTGRES, "id"),
          new Subscription("quakes", "earthquakes", Engine.REDIS, "id"),
          new Subscription("late-sfo", "flights", Engine.POSTGRES, "id"),
          new Subscription("all-flights", "flights", Engine.POSTGRES, "id"));

  static List<Subscription> of(String product) {
    return ALL.stream().filter(each -> each.product.equals(product)).toList();
  }

  ObjectKey key() {
    return new ObjectKey(TENANT, name);
  }

  /** Below {@code /api/v1/}. */
  String path() {
    return "tenants/" + TENANT + "/subscriptions/" + name;
  }

  String yaml(DemoConfig config) {
    return Resources.text(name + ".yaml")
        .replace("class: postgres-embedded", "class: " + config.postgresClass())
        .replace("class: redis-embedded", "class: " + config.redisClass());
  }

  String expectation() {
    return Resources.text(name + ".sql");
  }
}
