package dev.millrace.needs.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import dev.millrace.needs.check.Need;
import dev.millrace.needs.check.NeedCheck;
import dev.millrace.needs.check.Surroundings;
import java.util.Map;
import java.util.Optional;

/** A product whose schema changes, and a subscription to it, as plans are made of them. */
public final class Orders {
  public static final ObjectKey KEY = new ObjectKey("team", "orders");
  private static final ObjectKey PRODUCT = new ObjectKey("sales", "orders");

  private final String fields;
  private final String classifications;
  private final String subscription;

  private Orders(String fields, String classifications, String subscription) {
    this.fields = fields;
    this.classifications = classifications;
    this.subscription = subscription;
  }

  /**
   * @param fields of the schema beside {@code id}, each as {@code name:type}, such as {@code
   *     "total:number note:string"}
   */
  public static Orders with(String fields) {
    return new Orders(fields, "{}", "");
  }

  /** The subscription's spec beside product and store. */
  public Orders subscribed(String spec) {
    return new Orders(fields, classifications, spec);
  }

  public Orders fields(String others) {
    return new Orders(others, classifications, subscription);
  }

  public Orders classified(String json) {
    return new Orders(fields, json, subscription);
  }

  public Need need() {
    try {
      return NeedCheck.check(
              KEY,
              Json.STRICT.readValue(
                  "{\"product\":\"sales/orders\",\"store\":{\"class\":\"pg\"}"
                      + (subscription.isEmpty() ? "" : "," + subscription)
                      + "}",
                  DataSubscriptionSpec.class),
              new Surroundings(
                  Map.of(PRODUCT, product()),
                  Map.of(
                      "pg",
                      new StoreClassSpec(
                          null, "Postgres", "Embedded", null, null, null, null, null, null)),
                  Map.of(),
                  Optional.empty()))
          .need()
          .orElseThrow();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  public PipelinePlan plan() {
    return Plans.plan(
        need(),
        "uid-1",
        1,
        new SourceFacts(
            "sales.orders",
            "topic-id",
            "cluster",
            2,
            Map.of(0, 0L, 1, 0L),
            Map.of(0, 10L, 1, 10L),
            null,
            Optional.empty()),
        new Place(KEY, "127.0.0.1", 5432, "db", "disable", "writer/team/orders", Optional.empty()),
        Optional.empty());
  }

  private DataProductSpec product() throws JsonProcessingException {
    StringBuilder properties = new StringBuilder("\"id\":{\"type\":\"integer\"}");
    for (String field : fields.isEmpty() ? new String[0] : fields.split(" ")) {
      String[] parts = field.split(":");
      properties.append(",\"").append(parts[0]).append("\":").append(type(parts[1]));
    }
    return Json.STRICT.readValue(
        "{\"key\":\"id\",\"classifications\":"
            + classifications
            + ",\"schema\":{\"type\":\"object\",\"required\":[\"id\"],\"properties\":{"
            + properties
            + "}}}",
        DataProductSpec.class);
  }

  private static String type(String word) {
    return switch (word) {
      case "any" -> "{}";
      case "date", "date-time", "uuid" -> "{\"type\":\"string\",\"format\":\"" + word + "\"}";
      case "object" -> "{\"type\":\"object\",\"properties\":{\"email\":{\"type\":\"string\"}}}";
      case "object+" ->
          "{\"type\":\"object\",\"properties\":{\"email\":{\"type\":\"string\"},\"city\":{\"type\":\"string\"}}}";
      case "object-" -> "{\"type\":\"object\",\"properties\":{\"email\":{\"type\":\"integer\"}}}";
      default -> "{\"type\":\"" + word + "\"}";
    };
  }
}
