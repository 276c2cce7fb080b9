package dev.millrace.needs.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransformTest {
  private static final String SCHEMA =
      """
      {"type":"object","required":["id"],"properties":{
        "id":{"type":"integer"},"total":{"type":"number"},"at":{"type":"string","format":"date-time"},
        "name":{"type":"string"},"customer":{"type":"object","properties":{"email":{"type":"string"}}},
        "lines":{"type":"array","items":{"type":"integer"}}}}
      """;
  private static final PipelinePlan.Column ID = column("id", "id", "int64", true, "None");

  @Test
  void aMatchingEventBecomesARowOfExactValues() throws Exception {
    Transform transform =
        transform(
            "event.total >= 100.0",
            ID,
            column("total", "total", "decimal(12,2)", false, "None"),
            column("at", "at", "timestamp", false, "None"),
            column("email", "customer.email", "text", false, "Partial"),
            computed("line_count", "size(event.lines)", "int64"));

    Outcome outcome =
        apply(
            transform,
            "7",
            "{\"id\":7,\"total\":1234567890.125,\"at\":\"2026-11-24T10:00:00.1234567+01:00\","
                + "\"customer\":{\"email\":\"ann@example.com\"},\"lines\":[1,2]}");

    assertThat(outcome).isInstanceOf(Outcome.Put.class);
    assertThat(((Outcome.Put) outcome).key()).isEqualTo(new StoreKey(7L));
    assertThat(((Outcome.Put) outcome).row())
        .containsExactly(
            7L,
            new BigDecimal("1234567890.13"),
            Instant.parse("2026-11-24T09:00:00.123456Z"),
            "a***@example.com",
            2L);
  }

  @Test
  void aTombstoneDeletesAndAnEventThatNoLongerMatchesLeaves() throws Exception {
    Transform transform = transform("event.total >= 100.0", ID);

    assertThat(apply(transform, "7", null)).isEqualTo(new Outcome.Delete(new StoreKey(7L)));
    assertThat(apply(transform, "7", "{\"id\":7,\"total\":1.0}"))
        .isEqualTo(new Outcome.Leave(new StoreKey(7L)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "NULL",
      value = {
        "NULL | {\"id\":7,\"total\":100} | KeyMissing",
        "8 | {\"id\":7,\"total\":100} | KeyMismatch",
        "007 | {\"id\":7,\"total\":100} | KeyUnreadable",
        "7 | {\"id\":\"7\",\"total\":100} | WrongType",
        "7 | {\"total\":100} | KeyMissing",
        "7 | {\"id\":7 | NotJson",
        "7 | {\"id\":7,\"total\":NaN} | NotJson",
        "7 | [7] | NotObject",
        "7 | {\"id\":7,\"id\":8} | DuplicateField",
        "7 | {\"id\":7} | FilterFailed",
        "7 | {\"id\":7,\"total\":\"much\"} | FilterFailed",
        "7 | {\"id\":7,\"total\":100,\"name\":\"a\\u0000b\"} | ForbiddenCharacter",
        "7 | {\"id\":7,\"total\":100,\"name\":\"\\ud800\"} | ForbiddenCharacter",
        "7 | {\"id\":7,\"total\":123456.5} | OutOfRange",
        "7 | {\"id\":7,\"total\":1e999999} | OutOfRange",
        "7 | {\"id\":7,\"total\":1e2147483647} | OutOfRange",
        "7 | {\"id\":7,\"total\":1e99999999999} | TooLarge",
        "99999999999999999999 | {\"id\":99999999999999999999,\"total\":100} | OutOfRange",
      })
  void aBrokenEventIsDeadWithItsReason(@Nullable String key, String value, String code)
      throws Exception {
    Transform transform =
        transform(
            "event.total >= 100.0",
            ID,
            column("total", "total", "decimal(6,2)", false, "None"),
            column("name", "name", "text", false, "None"));

    Outcome outcome = apply(transform, key, value);

    assertThat(outcome).isInstanceOf(Outcome.Dead.class);
    assertThat(((Outcome.Dead) outcome).code()).isEqualTo(code);
    assertThat(((Outcome.Dead) outcome).message()).doesNotContain("much").isNotBlank();
  }

  @ParameterizedTest
  @CsvSource({
    "1e-2147483647, 0.00",
    "-1e-99999999, 0.00",
    "0.0049, 0.00",
    "0.005, 0.01",
    "0e-99999999, 0.00"
  })
  void aNumberThatIsAlmostNothingIsRoundedInNoTime(String number, String rounded) throws Exception {
    Transform transform =
        transform(null, ID, column("total", "total", "decimal(6,2)", false, "None"));

    Outcome.Put put = (Outcome.Put) apply(transform, "7", "{\"id\":7,\"total\":" + number + "}");

    assertThat(put.row()).contains(new BigDecimal(rounded));
  }

  @ParameterizedTest
  @CsvSource({"2000, true", "2001, false"})
  void aTextKeyEndsWhereAnIndexEnds(int bytes, boolean fits) throws Exception {
    PipelinePlan.Column key = column("name", "name", "text", true, "None");
    Transform transform =
        Transforms.compile(plan(null, "Upsert", List.of(key), "name"), Optional.empty());
    String text = "é".repeat(10) + "k".repeat(bytes - 20);

    assertThat(apply(transform, text, "{\"id\":7,\"name\":\"" + text + "\"}"))
        .isInstanceOf(fits ? Outcome.Put.class : Outcome.Dead.class);
    assertThat(apply(transform, text, null))
        .isInstanceOf(fits ? Outcome.Delete.class : Outcome.Dead.class);
  }

  /** The plans of this test have no index but one over name and email. */
  @ParameterizedTest
  @CsvSource({"1000, 1000, true", "1000, 1001, false", "0, 2001, false"})
  void theTextsOfAnIndexFitIntoOneEntry(int name, int email, boolean fit) throws Exception {
    Transform transform =
        transform(
            null,
            ID,
            column("name", "name", "text", false, "None"),
            column("email", "customer.email", "text", false, "None"));

    Outcome outcome =
        apply(
            transform,
            "7",
            "{\"id\":7,\"name\":\"%s\",\"customer\":{\"email\":\"%s\"}}"
                .formatted("n".repeat(name), "é".repeat(email / 2) + "e".repeat(email % 2)));

    if (fit) {
      assertThat(outcome).isInstanceOf(Outcome.Put.class);
    } else {
      assertThat(((Outcome.Dead) outcome).code()).isEqualTo("OutOfRange");
      assertThat(((Outcome.Dead) outcome).field()).isEqualTo("customer.email");
    }
  }

  @ParameterizedTest
  @CsvSource({"1e1000, true", "1e1001, false", "1e-1000, true", "1e-999999, false"})
  void aDocumentHoldsNoNumberThatAStoreCouldNotKeep(String number, boolean fits) throws Exception {
    Transform transform = transform(null, ID, column("lines", "lines", "json", false, "None"));

    assertThat(apply(transform, "7", "{\"id\":7,\"lines\":[1,{\"a\":" + number + "}]}"))
        .isInstanceOf(fits ? Outcome.Put.class : Outcome.Dead.class);
  }

  @Test
  void anExcerptHoldsNothingThatIsMasked() throws Exception {
    Transform transform =
        transform(
            null,
            ID,
            column("email", "customer.email", "text", false, "Redact"),
            column("total", "total", "decimal(4,2)", false, "None"));

    Outcome.Dead dead =
        (Outcome.Dead)
            apply(transform, "7", "{\"id\":7,\"total\":1000,\"customer\":{\"email\":\"ann\"}}");

    assertThat(dead.excerpt()).isEqualTo("{\"id\":7,\"total\":1000}");
  }

  @Test
  void appendKeepsEveryEventAndNeedsNoKey() throws Exception {
    Transform transform = Transforms.compile(plan(null, "Append", List.of(ID)), Optional.empty());

    assertThat(((Outcome.Add) apply(transform, null, "{\"id\":7}")).row()).containsExactly(7L);
    assertThat(((Outcome.Add) apply(transform, null, null)).deleted()).isTrue();
  }

  @Test
  void aTombstoneThatIsAppendedSaysWhichKeyWasDeleted() throws Exception {
    Transform transform =
        Transforms.compile(
            plan(null, "Append", List.of(column("name", "name", "text", false, "None"), ID)),
            Optional.empty());

    Outcome.Add added = (Outcome.Add) apply(transform, "7", null);

    assertThat(added.deleted()).isTrue();
    assertThat(added.row()).containsExactly(null, 7L);
    assertThat(((Outcome.Dead) apply(transform, "seven", null)).code()).isEqualTo("KeyUnreadable");
  }

  @Test
  void aHashedKeyIsTheSameForTheTombstone() throws Exception {
    byte[] hashKey = new byte[32];
    PipelinePlan.Column key = column("name", "name", "text", true, "Hash");
    PipelinePlan plan = plan(null, "Upsert", List.of(key), "name");
    Transform transform = Transforms.compile(plan, Optional.of(hashKey));

    Outcome.Put put = (Outcome.Put) apply(transform, "ann", "{\"id\":7,\"name\":\"ann\"}");
    Outcome.Delete delete = (Outcome.Delete) apply(transform, "ann", null);

    assertThat(delete.key()).isEqualTo(put.key());
    assertThat(put.row()[0]).asString().hasSize(64).doesNotContain("ann");
    assertThat(put.key().values()).containsExactly(put.row()[0]);
  }

  @Test
  void aPlanThatRequiresTheUnknownIsRefused() {
    PipelinePlan plan = plan(null, "Upsert", List.of(ID));
    PipelinePlan newer =
        new PipelinePlan(
            plan.subscription(),
            plan.uid(),
            plan.definition(),
            List.of("teleport"),
            plan.state(),
            plan.source(),
            plan.filter(),
            plan.columns(),
            plan.mode(),
            plan.target(),
            plan.onError(),
            plan.start(),
            plan.cutover(),
            plan.hashKey());

    assertThatThrownBy(() -> Transforms.compile(newer, Optional.empty()))
        .isInstanceOf(PlanRejected.class)
        .hasMessageContaining("teleport");
  }

  private static Outcome apply(Transform transform, @Nullable String key, @Nullable String value) {
    return transform.apply(
        key == null ? null : key.getBytes(StandardCharsets.UTF_8),
        value == null ? null : value.getBytes(StandardCharsets.UTF_8));
  }

  private static Transform transform(@Nullable String filter, PipelinePlan.Column... columns)
      throws PlanRejected {
    return Transforms.compile(plan(filter, "Upsert", Arrays.asList(columns)), Optional.empty());
  }

  private static PipelinePlan plan(
      @Nullable String filter, String mode, List<PipelinePlan.Column> columns) {
    return plan(filter, mode, columns, "id");
  }

  private static PipelinePlan plan(
      @Nullable String filter, String mode, List<PipelinePlan.Column> columns, String key) {
    try {
      return new PipelinePlan(
          new ObjectKey("t", "s"),
          "uid",
          1,
          List.of("cel"),
          "Running",
          new PipelinePlan.Source(
              new ObjectKey("t", "p"),
              "t.p",
              "id",
              "cluster",
              1,
              Json.STRICT.readTree(SCHEMA.replace("[\"id\"]", "[\"id\",\"" + key + "\"]")),
              key,
              false),
          filter,
          columns,
          mode,
          new PipelinePlan.Target(
              "Postgres",
              new ObjectKey("t", "s"),
              "127.0.0.1",
              1,
              "d",
              "disable",
              "writer/t/s",
              new PipelinePlan.Table("public", "s", List.of(List.of("name", "email"))),
              null),
          new PipelinePlan.ErrorPolicy("DeadLetter", null, null),
          Map.of(0, 0L),
          Map.of(0, 0L),
          null);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static PipelinePlan.Column column(
      String name, String field, String type, boolean key, String mask) {
    return new PipelinePlan.Column(name, field, null, type, key, mask);
  }

  private static PipelinePlan.Column computed(String name, String expr, String type) {
    return new PipelinePlan.Column(name, null, expr, type, false, "None");
  }
}
