package dev.millrace.needs.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.problem.Finding;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NeedCheckTest {
  private static final ObjectKey KEY = new ObjectKey("team-risk", "eu-orders");

  private static final String RIGHT =
      """
      {"product":"sales/orders","filter":"event.total >= 100.0",
       "select":[{"field":"orderId","as":"order_id","key":true},
                 {"field":"total","type":"decimal(12,2)"},
                 {"field":"customer.email","as":"email","mask":"Hash"},
                 {"expr":"size(event.lines)","as":"line_count"}],
       "store":{"class":"pg","table":{"name":"orders","indexes":[["email"]]}},
       "onError":{"policy":"DeadLetter","stopAfter":"5%"}}
      """;

  @Test
  void aRightNeedIsResolvedWithItsDefaults() throws Exception {
    Need need = check(RIGHT).need().orElseThrow();

    assertThat(need.engine()).isEqualTo("Postgres");
    assertThat(need.store()).isEqualTo(KEY);
    assertThat(need.newStoreClass()).contains("pg");
    assertThat(need.columns())
        .extracting(column -> column.name() + " " + column.type() + (column.key() ? " key" : ""))
        .containsExactly(
            "order_id text key", "total decimal(12,2)", "email text", "line_count int64");
    assertThat(need.onError().stopAfterShare()).isEqualTo(0.05);
    assertThat(need.start().type()).isEqualTo("Beginning");
    assertThat(need.reclaimPolicy()).isEqualTo("Retain");
  }

  @Test
  void withoutSelectEveryFieldIsAColumn() throws Exception {
    Need need =
        check("{\"product\":\"sales/orders\",\"store\":{\"class\":\"redis\"}}")
            .need()
            .orElseThrow();

    assertThat(need.columns())
        .extracting(column -> column.name() + " " + column.type())
        .containsExactly("orderId text", "total float64", "customer json", "lines json");
    assertThat(need.keys().orElseThrow().template()).isEqualTo("team-risk.eu-orders:{orderId}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | /spec/product | Missing",
        "{\"product\":\"orders\",\"store\":{\"class\":\"pg\"}} | /spec/product | InvalidReference",
        "{\"product\":\"sales/order\",\"store\":{\"class\":\"pg\"}} | /spec/product | UnknownProduct",
        "{\"product\":\"sales/orders\"} | /spec/store | Missing",
        "{\"product\":\"sales/orders\",\"store\":{\"class\":\"pgg\"}} | /spec/store/class | UnknownStoreClass",
        "{\"product\":\"sales/orders\",\"store\":{}} | /spec/store | ExactlyOne",
        "{\"product\":\"sales/orders\",\"store\":{\"class\":\"ext\"}} | /spec/store/class | StoreNeedsConnection",
        "{\"product\":\"sales/orders\",\"store\":{\"name\":\"x\"}} | /spec/store/name | UnknownStore",
        "{\"product\":\"sales/orders\",\"filter\":\"event.totl > 1\",\"store\":{\"class\":\"pg\"}} | /spec/filter | UnknownField",
        "{\"product\":\"sales/orders\",\"select\":[{\"field\":\"total\"}],\"store\":{\"class\":\"pg\"}} | /spec/select | KeyMissing",
        "{\"product\":\"sales/orders\",\"select\":[null],\"store\":{\"class\":\"pg\"}} | /spec/select/0 | ExactlyOne",
        "{\"product\":\"sales/orders\",\"select\":[{\"field\":\"orderId\",\"type\":\"integer\"}],\"store\":{\"class\":\"pg\"}} | /spec/select/0/type | TypeMismatch",
        "{\"product\":\"sales/orders\",\"select\":[{\"field\":\"orderId\",\"mask\":\"Redact\"}],\"store\":{\"class\":\"pg\"}} | /spec/select/0/mask | KeyNotInjective",
        "{\"product\":\"sales/orders\",\"select\":[{\"field\":\"orderId\"},{\"field\":\"total\",\"as\":\"ORDERID\"}],\"store\":{\"class\":\"pg\"}} | /spec/select/1/as | DuplicateColumn",
        "{\"product\":\"sales/orders\",\"select\":[{\"field\":\"orderId\",\"as\":\"a\\\"; drop table x; --\"}],\"store\":{\"class\":\"pg\"}} | /spec/select/0/as | InvalidName",
        "{\"product\":\"sales/orders\",\"mode\":\"Merge\",\"store\":{\"class\":\"pg\"}} | /spec/mode | UnknownValue",
        "{\"product\":\"sales/orders\",\"startFrom\":{\"type\":\"Timestamp\"},\"store\":{\"class\":\"pg\"}} | /spec/startFrom/timestamp | Missing",
        "{\"product\":\"sales/orders\",\"store\":{\"class\":\"redis\",\"redis\":{\"key\":\"order:{oops\"}}} | /spec/store/redis/key | InvalidTemplate",
        "{\"product\":\"sales/orders\",\"store\":{\"class\":\"redis\",\"redis\":{\"key\":\"{orderId}\"}}} | /spec/store/redis/key | PrefixMissing",
        "{\"product\":\"sales/orders\",\"store\":{\"class\":\"redis\",\"redis\":{\"key\":\"o:{total}\"}}} | /spec/store/redis/key | KeyNotInjective",
        "{\"product\":\"sales/orders\",\"store\":{\"class\":\"redis\",\"redis\":{\"key\":\"millrace:{orderId}\"}}} | /spec/store/redis/key | NameReserved",
        "{\"product\":\"sales/orders\",\"store\":{\"class\":\"redis\",\"redis\":{\"ttl\":\"soon\"}}} | /spec/store/redis/ttl | InvalidDuration",
        "{\"product\":\"sales/orders\",\"mode\":\"Append\",\"store\":{\"class\":\"redis\"}} | /spec/mode | AppendNeedsTable",
        "{\"product\":\"sales/orders\",\"onError\":{\"stopAfter\":\"many\"},\"store\":{\"class\":\"pg\"}} | /spec/onError/stopAfter | OutOfRange",
        "{\"product\":\"sales/orders\",\"store\":{\"class\":\"pg\",\"table\":{\"indexes\":[[\"nope\"]]}}} | /spec/store/table/indexes/0 | UnknownColumn",
      })
  void whatIsWrongIsNamedWithPlaceAndRemedy(String spec, String pointer, String code)
      throws Exception {
    Checked checked = check(spec);

    assertThat(checked.findings())
        .anySatisfy(finding -> {
          assertThat(finding.pointer()).isEqualTo(pointer);
          assertThat(finding.code()).isEqualTo(code);
          assertThat(finding.remedy()).isNotBlank();
        });
  }

  @Test
  void everythingWrongIsToldAtOnce() throws Exception {
    Checked checked =
        check(
            "{\"product\":\"sales/orders\",\"filter\":\"event.x == 1\",\"mode\":\"M\","
                + "\"select\":[{\"field\":\"y\"}],\"store\":{\"class\":\"nope\"},\"state\":\"S\"}");

    assertThat(checked.findings())
        .extracting(Finding::pointer)
        .contains(
            "/spec/filter",
            "/spec/mode",
            "/spec/select/0/field",
            "/spec/store/class",
            "/spec/state");
  }

  @Test
  void whatIsKeptMayChangeAndWhereItIsKeptMayNot() throws Exception {
    DataSubscriptionSpec before = spec(RIGHT);
    Surroundings around = new Surroundings(products(), classes(), Map.of(), Optional.of(before));

    Checked filtered = NeedCheck.check(KEY, spec(RIGHT.replace("100.0", "200.0")), around);
    Checked appended =
        NeedCheck.check(
            KEY,
            new DataSubscriptionSpec(
                before.product(),
                before.filter(),
                before.select(),
                new DataSubscriptionSpec.StartFrom("Now", null, null),
                new DataSubscriptionSpec.Until(null, null),
                before.mode(),
                new DataSubscriptionSpec.StoreRequest(
                    before.store().storeClass(),
                    before.store().name(),
                    new DataSubscriptionSpec.Table("elsewhere", null, null),
                    null,
                    null),
                before.onError(),
                before.onSchemaChange(),
                before.access(),
                before.state(),
                Map.of("rebuild", "again-1")),
            around);

    assertThat(filtered.findings()).isEmpty();
    assertThat(appended.findings())
        .extracting(finding -> finding.code() + " " + finding.pointer())
        .containsExactly(
            "ImmutableField /spec/startFrom",
            "ImmutableField /spec/until",
            "ImmutableField /spec/store/table/name",
            "Missing /spec/until");
  }

  @Property(tries = 500)
  void noDecodedInputMakesItThrow(@ForAll("specs") DataSubscriptionSpec spec) {
    Checked checked = NeedCheck.check(KEY, spec, around());

    assertThat(checked.findings()).allSatisfy(f -> assertThat(f.remedy()).isNotBlank());
  }

  @Provide
  Arbitrary<DataSubscriptionSpec> specs() {
    Arbitrary<String> words =
        Arbitraries.of(
                "",
                " ",
                "sales/orders",
                "orderId",
                "event.total > 1.0",
                "pg",
                "redis",
                "Upsert",
                "Hash",
                "o:{orderId}",
                "{",
                "}",
                "5%",
                "\"; drop",
                "customer.email",
                "decimal(9999,1)",
                "../..",
                "a\0b",
                "Timestamp",
                "Offsets",
                "1",
                "x".repeat(300))
            .injectNull(0.2);
    Arbitrary<DataSubscriptionSpec.SelectedField> selected =
        net.jqwik.api.Combinators.combine(words, words, words, words, words)
            .as((f, e, a, t, m) -> new DataSubscriptionSpec.SelectedField(f, e, a, t, true, m));
    Arbitrary<DataSubscriptionSpec.StoreRequest> stores =
        net.jqwik.api.Combinators.combine(words, words, words, words, words)
            .as((c, n, t, k, p) ->
                new DataSubscriptionSpec.StoreRequest(
                    c,
                    n,
                    new DataSubscriptionSpec.Table(t, t, null),
                    new DataSubscriptionSpec.Redis(t, k, p),
                    p));
    return net.jqwik.api.Combinators.combine(
            words,
            words,
            selected.injectNull(0.1).list().ofMaxSize(3).injectNull(0.3),
            stores.injectNull(0.1),
            words,
            words)
        .as((product, filter, select, store, mode, start) ->
            new DataSubscriptionSpec(
                product,
                filter,
                select,
                start == null
                    ? null
                    : new DataSubscriptionSpec.StartFrom(start, null, Map.of(start, 1L)),
                start == null ? null : new DataSubscriptionSpec.Until(null, Map.of(start, -1L)),
                mode,
                store,
                new DataSubscriptionSpec.OnError(mode, filter),
                mode,
                new DataSubscriptionSpec.AccessTerms(mode, filter, product),
                mode,
                Map.of("rotate", String.valueOf(filter))));
  }

  private static Checked check(String spec) throws JsonProcessingException {
    return NeedCheck.check(KEY, spec(spec), around());
  }

  private static DataSubscriptionSpec spec(String json) throws JsonProcessingException {
    return Json.STRICT.readValue(json, DataSubscriptionSpec.class);
  }

  private static Surroundings around() {
    return new Surroundings(products(), classes(), Map.of(), Optional.empty());
  }

  private static Map<String, StoreClassSpec> classes() {
    return Map.of(
        "pg",
            new StoreClassSpec(
                null, "Postgres", "Embedded", "127.0.0.1:5432", null, null, null, null, null),
        "redis",
            new StoreClassSpec(
                null, "Redis", "Embedded", "127.0.0.1:6379", null, null, null, null, null),
        "ext", new StoreClassSpec(null, null, "External", null, null, null, null, null, null));
  }

  private static Map<ObjectKey, DataProductSpec> products() {
    try {
      return Map.of(
          new ObjectKey("sales", "orders"),
          Json.STRICT.readValue(
              """
              {"key":"orderId","schema":{"type":"object","required":["orderId"],"properties":{
                "orderId":{"type":"string"},"total":{"type":"number"},
                "customer":{"type":"object","properties":{"email":{"type":"string"}}},
                "lines":{"type":"array","items":{"type":"object"}}}}}
              """,
              DataProductSpec.class));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
