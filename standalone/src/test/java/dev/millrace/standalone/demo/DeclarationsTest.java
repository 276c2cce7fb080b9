package dev.millrace.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import dev.millrace.needs.check.Checked;
import dev.millrace.needs.check.NeedCheck;
import dev.millrace.needs.check.ProductCheck;
import dev.millrace.needs.check.Surroundings;
import dev.millrace.needs.column.ColumnTypes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The YAML that the demo sends, which users take as examples. */
class DeclarationsTest {
  private static final Map<String, StoreClassSpec> CLASSES =
      Map.of(
          "postgres-embedded",
              new StoreClassSpec(
                  null, "Postgres", "Embedded", "localhost:1", null, null, null, null, null),
          "redis-embedded",
              new StoreClassSpec(
                  null, "Redis", "Embedded", "localhost:2", null, null, null, null, null));

  @Test
  void theProductsAreRight() throws Exception {
    for (Map.Entry<ObjectKey, DataProductSpec> product : products().entrySet()) {
      assertThat(ProductCheck.check(product.getKey(), product.getValue(), Optional.empty()))
          .as(product.getKey().toString())
          .isEmpty();
    }
  }

  @Test
  void theSubscriptionsAreRight() throws Exception {
    for (Subscription subscription : Subscription.ALL) {
      Checked checked = check(subscription);

      assertThat(checked.findings()).as(subscription.name()).isEmpty();
      assertThat(checked.need()).isPresent();
    }
  }

  @Test
  void whatIsExpectedHasTheColumnsThatAreAskedFor() throws Exception {
    assertThat(columns("strong-quakes"))
        .containsExactly(
            "id text",
            "mag decimal(4,2)",
            "place text",
            "time timestamp",
            "longitude float64",
            "latitude float64",
            "depth float64");
    assertThat(columns("quakes"))
        .containsExactly(
            "id text",
            "mag decimal(4,2)",
            "place text",
            "time timestamp",
            "felt int64",
            "depth float64");
    assertThat(columns("late-sfo"))
        .containsExactly(
            "id int64", "departed_at timestamp", "minutes_late int32", "destination text");
    assertThat(columns("all-flights"))
        .containsExactly(
            "id int64",
            "date timestamp",
            "delay int64",
            "distance int64",
            "origin text",
            "destination text");
  }

  private static List<String> columns(String name) throws Exception {
    Subscription subscription =
        Subscription.ALL.stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    return check(subscription).need().orElseThrow().columns().stream()
        .map(column ->
            column.name()
                + " "
                + ColumnTypes.canonical(ColumnTypes.parse(column.type()).orElseThrow()))
        .toList();
  }

  private static Checked check(Subscription subscription) throws Exception {
    return NeedCheck.check(
        subscription.key(),
        Json.STRICT.treeToValue(spec(subscription.name()), DataSubscriptionSpec.class),
        new Surroundings(products(), CLASSES, Map.of(), Optional.empty()));
  }

  private static Map<ObjectKey, DataProductSpec> products() throws Exception {
    return Map.of(
        new ObjectKey("demo", "earthquakes"),
        Json.STRICT.treeToValue(spec("earthquakes"), DataProductSpec.class),
        new ObjectKey("demo", "flights"),
        Json.STRICT.treeToValue(spec("flights"), DataProductSpec.class));
  }

  private static JsonNode spec(String name) throws Exception {
    return new YAMLMapper().readTree(Resources.text(name + ".yaml")).required("spec");
  }
}
