package dev.millrace.needs.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.access.AccessRequestSpec;
import dev.millrace.api.access.AccessRequestSpec.Decision;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.problem.Finding;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import dev.millrace.needs.access.AccessRequests.Asked;
import dev.millrace.needs.access.AccessRequests.Phase;
import dev.millrace.needs.check.Checked;
import dev.millrace.needs.check.Need;
import dev.millrace.needs.check.NeedCheck;
import dev.millrace.needs.check.Surroundings;
import dev.millrace.needs.schema.EventSchema;
import dev.millrace.needs.schema.SchemaRejected;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From what a subscription asks for, by what the owner says, to what it gets. */
class GrantTest {
  private static final ObjectKey KEY = new ObjectKey("team-risk", "buyers");
  private static final ObjectKey PRODUCT = new ObjectKey("sales", "orders");
  private static final String ACCESS =
      "\"access\":{\"purpose\":\"fraud\",\"for\":\"90d\",\"requestedBy\":\"alice\"}";

  private static final String FIELDS =
      """
      "orderId":{"type":"string"},"country":{"type":"string"},"total":{"type":"number"},
      "customer":{"type":"object","properties":{"email":{"type":"string"},"name":{"type":"string"}%s}},
      "lines":{"type":"array","items":{"type":"object"}}%s\
      """;

  private static final DataProductSpec ORDERS = product("", "", "");

  private static DataProductSpec product(String inCustomer, String atTheEnd, String classified) {
    return read(
        """
        {"key":"orderId","accessPolicy":"Approval","owner":"sales@example.com",
         "classifications":{"customer.email":"Personal"%s},
         "schema":{"type":"object","required":["orderId"],"properties":{%s}}}
        """
            .formatted(classified, FIELDS.formatted(inCustomer, atTheEnd)),
        DataProductSpec.class);
  }

  private static <T> T read(String json, Class<T> type) {
    try {
      return Json.STRICT.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static EventSchema schema(DataProductSpec product) {
    try {
      return EventSchema.of(product.schema());
    } catch (SchemaRejected e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** What else there is in a spec, such as {@code "select":[…],}. */
  private static DataSubscriptionSpec spec(String rest) {
    return read(
        "{\"product\":\"sales/orders\"," + rest + ACCESS + ",\"store\":{\"class\":\"pg\"}}",
        DataSubscriptionSpec.class);
  }

  private static Checked check(DataSubscriptionSpec spec, DataProductSpec product, Grant grant) {
    StoreClassSpec postgres =
        new StoreClassSpec(
            null, "Postgres", "Embedded", "127.0.0.1:5432", null, null, null, null, null);
    return NeedCheck.check(
        KEY,
        spec,
        new Surroundings(
            Map.of(PRODUCT, product),
            Map.of("pg", postgres),
            Map.of(),
            Optional.empty(),
            Optional.of(grant)));
  }

  private static AccessRequestSpec wanted(DataSubscriptionSpec spec, DataProductSpec product) {
    Need need = check(spec, product, Grant.ALL).need().orElseThrow();
    return AccessRequests.wanted(KEY, "uid-1", spec, PRODUCT, need.columns(), schema(product));
  }

  private static AccessRequestSpec decided(AccessRequestSpec request, String decision) {
    Decision decided = read("{\"by\":\"bob\"," + decision + "}", Decision.class);
    return new AccessRequestSpec(
        request.product(),
        request.subscription(),
        request.uid(),
        request.requestedBy(),
        request.purpose(),
        request.duration(),
        request.fields(),
        request.everyField(),
        request.filter(),
        request.mode(),
        decided);
  }

  private static Grant grant(DataSubscriptionSpec spec, String decision) {
    return Grant.of(decided(wanted(spec, ORDERS), decision));
  }

  private static final String APPROVED = "\"verdict\":\"Approved\"";

  @Test
  void allThatIsReadIsAskedFor() {
    AccessRequestSpec wanted =
        wanted(
            spec(
                """
                "filter":"event.country == 'DE'",
                "select":[{"field":"orderId"},{"field":"customer.email","as":"email","mask":"Hash"},
                          {"expr":"size(event.lines)","as":"line_count"}],
                """),
            ORDERS);

    assertThat(wanted.fields())
        .extracting(field -> field.path() + " " + field.mask())
        .containsExactly("country null", "customer.email Hash", "lines null", "orderId null");
    assertThat(wanted.everyField()).isNull();
    assertThat(wanted.requestedBy()).isEqualTo("alice");
    assertThat(wanted.duration()).isEqualTo("90d");
  }

  @Test
  void aWholeObjectIsAllThatIsInIt() {
    AccessRequestSpec wanted =
        wanted(spec("\"select\":[{\"field\":\"orderId\"},{\"field\":\"customer\"}],"), ORDERS);

    assertThat(wanted.fields())
        .extracting(AccessRequestSpec.AskedField::path)
        .containsExactly("customer", "customer.email", "customer.name", "orderId");
  }

  @Test
  void whoTakesTheEventAsAWholeAsksForAllOfIt() {
    AccessRequestSpec wanted =
        wanted(
            spec(
                "\"select\":[{\"field\":\"orderId\"},{\"expr\":\"[event]\",\"as\":\"all_of_it\"}],"),
            ORDERS);

    assertThat(wanted.fields())
        .extracting(AccessRequestSpec.AskedField::path)
        .contains("customer.email", "total", "country", "*");
  }

  /** Whatever comes to the schema, or is in an event without being declared. */
  @Test
  void whoTakesTheEventAsAWholeGetsNothingClassifiedThatCameLater() {
    DataSubscriptionSpec spec =
        spec("\"select\":[{\"field\":\"orderId\"},{\"expr\":\"[event]\",\"as\":\"all_of_it\"}],");
    AccessRequestSpec request = decided(wanted(spec, ORDERS), APPROVED);
    DataProductSpec grown = product("", ",\"iban\":{\"type\":\"string\"}", ",\"iban\":\"Secret\"");

    assertThat(check(spec, ORDERS, Grant.of(request)).findings()).isEmpty();
    assertThat(check(spec, grown, Grant.of(request)).findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.message()).contains("iban"));
    assertThat(permit(running(spec, Grant.of(request)), request, ORDERS)).isTrue();
    assertThat(permit(running(spec, Grant.of(request)), request, grown)).isFalse();
    assertThat(check(spec, ORDERS, grant(spec(""), APPROVED)).findings())
        .as("all fields are not whatever an event holds")
        .singleElement()
        .satisfies(finding -> assertThat(finding.message()).contains("*"));
  }

  @Test
  void everyEventIsMoreThanTheLastOfEachKey() {
    DataSubscriptionSpec last = spec(NARROW);
    DataSubscriptionSpec every = spec("\"mode\":\"Append\"," + NARROW);

    assertThat(
            AccessRequests.approved(
                wanted(every, ORDERS),
                List.of(asked("a", decided(wanted(last, ORDERS), APPROVED))),
                ORDERS))
        .isEmpty();
    assertThat(
            AccessRequests.approved(
                wanted(last, ORDERS),
                List.of(asked("a", decided(wanted(every, ORDERS), APPROVED))),
                ORDERS))
        .hasSize(1);
  }

  /** A deletion is a row in Append, and has nothing but its key. */
  @Test
  void someEventsAreNotGrantedWithAllDeletions() {
    DataSubscriptionSpec spec = spec("\"mode\":\"Append\"," + NARROW);

    assertThat(
            check(spec, ORDERS, grant(spec, APPROVED + ",\"rowFilter\":\"event.country == 'DE'\""))
                .findings())
        .extracting(Finding::pointer)
        .containsExactly("/spec/mode");
  }

  @Test
  void bothFiltersTogetherAreNoLongerThanOneMayBe() {
    String longOne = "event.country == 'DE" + "x".repeat(6_000) + "'";
    DataSubscriptionSpec spec = spec("\"filter\":\"" + longOne + "\"," + NARROW);

    assertThat(
            check(spec, ORDERS, grant(spec, APPROVED + ",\"rowFilter\":\"" + longOne + "\""))
                .findings())
        .extracting(Finding::pointer)
        .contains("/spec/filter");
  }

  @Test
  void whatWasApprovedAsItWasAskedIsGot() {
    DataSubscriptionSpec spec = spec("");
    Need all = check(spec, ORDERS, Grant.ALL).need().orElseThrow();

    Need got = check(spec, ORDERS, grant(spec, APPROVED)).need().orElseThrow();

    assertThat(got).isEqualTo(all);
  }

  @Test
  void columnsThatWereNotGrantedAreLeftOutWhereNoneIsNamed() {
    DataSubscriptionSpec spec = spec("");

    Need need =
        check(
                spec,
                ORDERS,
                grant(spec, APPROVED + ",\"fields\":[\"orderId\",\"total\",\"customer.name\"]"))
            .need()
            .orElseThrow();

    assertThat(need.columns())
        .extracting(PipelinePlan.Column::name)
        .containsExactly("orderId", "total");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"select\":[{\"field\":\"orderId\"},{\"field\":\"total\"}], | /spec/select/1/field | total",
        "\"select\":[{\"field\":\"orderId\"},{\"expr\":\"event.total * 2.0\",\"as\":\"x\"}], | /spec/select/1/expr | total",
        "\"filter\":\"event.total > 1.0\",\"select\":[{\"field\":\"orderId\"}], | /spec/filter | total",
        "\"select\":[{\"field\":\"orderId\"},{\"field\":\"customer\"}], | /spec/select/1/field | customer.email (only behind the mask Hash)",
        "\"filter\":\"event.customer.email != ''\",\"select\":[{\"field\":\"orderId\"}], | /spec/filter | customer.email (only behind the mask Hash)",
        "\"select\":[{\"field\":\"orderId\"},{\"expr\":\"[event]\",\"as\":\"x\"}], | /spec/select/1/expr | total",
      })
  void noReferenceToWhatWasNotGrantedIsGot(String rest, String pointer, String lacking) {
    DataSubscriptionSpec spec = spec(rest);
    Grant grant =
        grant(
            spec(""),
            APPROVED
                + ",\"fields\":[\"orderId\",\"country\",\"customer\",\"lines\"],"
                + "\"masks\":{\"customer.email\":\"Hash\"}");

    Checked checked = check(spec, ORDERS, grant);

    assertThat(checked.need()).isEmpty();
    assertThat(checked.findings())
        .anySatisfy(finding -> {
          assertThat(finding.code()).isEqualTo("NotGranted");
          assertThat(finding.pointer()).isEqualTo(pointer);
          assertThat(finding.message()).contains(lacking);
        });
  }

  @Test
  void aMaskThatIsDemandedIsPutOnAndAStrongerOneStays() {
    String select =
        "\"select\":[{\"field\":\"orderId\"},{\"field\":\"customer.email\",\"as\":\"email\"%s},"
            + "{\"field\":\"customer.name\",\"as\":\"name\",\"mask\":\"Redact\"}],";
    DataSubscriptionSpec spec = spec(select.formatted(""));
    String masks =
        APPROVED + ",\"masks\":{\"customer.email\":\"Hash\",\"customer.name\":\"Partial\"}";

    Need need = check(spec, ORDERS, grant(spec, masks)).need().orElseThrow();

    assertThat(need.columns())
        .extracting(column -> column.name() + " " + column.type() + " " + column.mask())
        .containsExactly("orderId text None", "email text Hash", "name text Redact");
    DataSubscriptionSpec typed = spec(select.formatted(",\"type\":\"json\""));
    assertThat(check(typed, ORDERS, grant(spec, masks)).findings())
        .anySatisfy(finding -> {
          assertThat(finding.code()).isEqualTo("TypeMismatch");
          assertThat(finding.remedy()).contains("granted only behind the mask Hash");
        });
  }

  @Test
  void whatWasAskedBehindAMaskIsGrantedBehindIt() {
    DataSubscriptionSpec hashed =
        spec(
            "\"select\":[{\"field\":\"orderId\"},"
                + "{\"field\":\"customer.email\",\"as\":\"email\",\"mask\":\"Hash\"}],");

    Grant grant = grant(hashed, APPROVED);

    assertThat(grant.mask("customer.email")).isEqualTo("Hash");
    assertThat(grant.mask("orderId")).isEqualTo("None");
  }

  @Test
  void aKeyBehindAMaskThatMakesTwoOfOneIsRefused() {
    DataSubscriptionSpec spec = spec("");

    assertThat(
            check(spec, ORDERS, grant(spec, APPROVED + ",\"masks\":{\"orderId\":\"Partial\"}"))
                .findings())
        .extracting(Finding::code)
        .contains("KeyNotInjective");
    assertThat(
            check(spec, ORDERS, grant(spec, APPROVED + ",\"masks\":{\"orderId\":\"Hash\"}"))
                .findings())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "event.total > 1.0 | (event.country == 'DE'\\n) && (event.total > 1.0\\n)",
        "event.total > 1.0 // or not | (event.country == 'DE'\\n) && (event.total > 1.0 // or not\\n)",
      })
  void rowsAreThoseThatAreGrantedAndAskedFor(String filter, String expected) {
    DataSubscriptionSpec spec = spec("\"filter\":\"" + filter + "\",");

    Grant grant = grant(spec, APPROVED + ",\"rowFilter\":\"event.country == 'DE'\"");
    Need need = check(spec, ORDERS, grant).need().orElseThrow();

    assertThat(need.filter()).contains(expected.replace("\\n", "\n"));
    assertThat(grant.filters(need.filter())).isTrue();
    assertThat(grant.asked(need.filter())).contains(filter);
    assertThat(grant.filters(Optional.of(filter))).isFalse();
    assertThat(grant.filters(Optional.empty())).isFalse();
  }

  @Test
  void withoutAFilterTheRowsAreThoseThatAreGranted() {
    DataSubscriptionSpec spec = spec("");
    Grant grant = grant(spec, APPROVED + ",\"rowFilter\":\"event.country == 'DE'\"");

    assertThat(check(spec, ORDERS, grant).need().orElseThrow().filter())
        .contains("event.country == 'DE'");
    assertThat(grant.filters(Optional.of("event.country == 'DE'"))).isTrue();
    assertThat(grant.asked(Optional.of("event.country == 'DE'"))).isEmpty();
  }

  /** It would be a filter by itself: no expression can get out of its parentheses. */
  @Test
  void noFilterGetsOutOfTheRowsThatAreGranted() {
    DataSubscriptionSpec spec = spec("\"filter\":\"true) || (true\",");

    assertThat(check(spec, ORDERS, Grant.ALL).need()).isEmpty();
  }

  @Test
  void aRowFilterThatCannotBeReadGrantsNothing() {
    DataSubscriptionSpec spec = spec("");
    String decision = APPROVED + ",\"rowFilter\":\"event.region == 'EU'\"";

    Checked checked = check(spec, ORDERS, grant(spec, decision));

    assertThat(checked.need()).isEmpty();
    assertThat(checked.findings()).extracting(Finding::code).containsExactly("GrantInvalid");
    assertThat(AccessRequests.mistakes(decided(wanted(spec, ORDERS), decision), schema(ORDERS)))
        .singleElement()
        .asString()
        .contains("rowFilter", "region");
  }

  @Test
  void anOwnerHearsOfNamesThatNobodyAskedFor() {
    String decision =
        APPROVED + ",\"fields\":[\"orderId\",\"totl\"],\"masks\":{\"customer.mail\":\"Hash\"}";

    assertThat(AccessRequests.mistakes(decided(wanted(spec(""), ORDERS), decision), schema(ORDERS)))
        .hasSize(2)
        .anySatisfy(each -> assertThat(each).contains("fields", "totl"))
        .anySatisfy(each -> assertThat(each).contains("masks", "customer.mail"));
  }

  @Test
  void newFieldsComeAlongUnlessTheyAreClassified() {
    DataSubscriptionSpec spec = spec("");
    Grant grant = grant(spec, APPROVED);
    DataProductSpec grown =
        product(
            "",
            ",\"currency\":{\"type\":\"string\"},\"iban\":{\"type\":\"string\"}",
            ",\"iban\":\"Secret\"");

    Need need = check(spec, grown, grant).need().orElseThrow();

    assertThat(need.columns())
        .extracting(PipelinePlan.Column::name)
        .contains("currency", "customer")
        .doesNotContain("iban");
    assertThat(
            AccessRequests.approved(
                wanted(spec, grown),
                List.of(asked("a", decided(wanted(spec, ORDERS), APPROVED))),
                grown))
        .as("nothing more is asked for by that")
        .hasSize(1);
  }

  @Test
  void aNewFieldInsideOfAGrantedOneDoesNotComeAlongWhenItIsClassified() {
    DataSubscriptionSpec spec =
        spec("\"select\":[{\"field\":\"orderId\"},{\"field\":\"customer\"}],");
    Grant grant = grant(spec, APPROVED);
    String phone = ",\"phone\":{\"type\":\"string\"}";

    assertThat(
            AccessRequests.approved(
                wanted(spec, product(phone, "", "")),
                List.of(asked("a", decided(wanted(spec, ORDERS), APPROVED))),
                product(phone, "", "")))
        .as("nor is it asked for")
        .hasSize(1);
    assertThat(check(spec, product(phone, "", ""), grant).findings()).isEmpty();
    assertThat(
            check(spec, product(phone, "", ",\"customer.phone\":\"Personal\""), grant).findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.message()).contains("customer.phone"));
  }

  private static Asked asked(String name, AccessRequestSpec spec) {
    return new Asked(
        name, 1, spec, AccessRequests.phase(spec.decision(), Optional.empty(), Instant.EPOCH));
  }

  private static final String NARROW =
      "\"select\":[{\"field\":\"orderId\"},{\"field\":\"total\"}],";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "less: another's field fewer | \"select\":[{\"field\":\"orderId\"}], | true",
        "the same | " + "\"select\":[{\"field\":\"orderId\"},{\"field\":\"total\"}], | true",
        "masked now | \"select\":[{\"field\":\"orderId\"},{\"field\":\"total\",\"mask\":\"Hash\"}], | true",
        "fewer events | \"filter\":\"event.total > 1.0\",\"select\":[{\"field\":\"orderId\"}], | true",
        "a field more | \"select\":[{\"field\":\"orderId\"},{\"field\":\"country\"}], | false",
        "read by the filter | \"filter\":\"event.country == 'DE'\",\"select\":[{\"field\":\"orderId\"}], | false",
        "all of them | '' | false",
      })
  void whatWasApprovedSpeaksForThatAndLess(String what, String rest, boolean speaks) {
    AccessRequestSpec approved = decided(wanted(spec(NARROW), ORDERS), APPROVED);

    assertThat(
            !AccessRequests.approved(
                    wanted(spec(rest), ORDERS), List.of(asked("a", approved)), ORDERS)
                .isEmpty())
        .as(what)
        .isEqualTo(speaks);
  }

  @Test
  void moreEventsOrAnotherPurposeAreAskedForAnew() {
    DataSubscriptionSpec filtered = spec("\"filter\":\"event.total > 1.0\"," + NARROW);
    List<Asked> approved = List.of(asked("a", decided(wanted(filtered, ORDERS), APPROVED)));
    DataSubscriptionSpec otherwise =
        read(
            "{\"product\":\"sales/orders\",\"filter\":\"event.total > 1.0\","
                + NARROW
                + ACCESS.replace("fraud", "marketing")
                + ",\"store\":{\"class\":\"pg\"}}",
            DataSubscriptionSpec.class);

    assertThat(AccessRequests.approved(wanted(filtered, ORDERS), approved, ORDERS)).hasSize(1);
    assertThat(AccessRequests.approved(wanted(spec(NARROW), ORDERS), approved, ORDERS)).isEmpty();
    assertThat(AccessRequests.approved(wanted(otherwise, ORDERS), approved, ORDERS)).isEmpty();
  }

  @Test
  void aRefusalIsOfExactlyWhatWasAskedFor() {
    AccessRequestSpec all = wanted(spec(""), ORDERS);
    AccessRequestSpec less = wanted(spec(NARROW), ORDERS);
    List<Asked> denied = List.of(asked("a", decided(all, "\"verdict\":\"Denied\"")));

    assertThat(AccessRequests.exactly(all, denied)).map(Asked::phase).contains(Phase.DENIED);
    assertThat(AccessRequests.exactly(less, denied)).as("less may be asked for").isEmpty();
    assertThat(AccessRequests.approved(all, denied, ORDERS)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Approved, 1, APPROVED",
    "Approved, -1, EXPIRED",
    "Approved, 0, EXPIRED",
    "Denied, 1, DENIED",
    "Revoked, 1, REVOKED",
    "Whatever, 1, REVOKED",
  })
  void aDecisionHoldsUntilItEnds(String verdict, long seconds, Phase phase) {
    Instant now = Instant.parse("2027-01-01T00:00:00Z");
    Decision decision = read("{\"by\":\"bob\",\"verdict\":\"" + verdict + "\"}", Decision.class);

    assertThat(AccessRequests.phase(decision, Optional.of(now.plusSeconds(seconds)), now))
        .isEqualTo(phase);
    assertThat(AccessRequests.phase(null, Optional.empty(), now)).isEqualTo(Phase.PENDING);
  }

  private static PipelinePlan running(DataSubscriptionSpec spec, Grant grant) {
    Need need = check(spec, ORDERS, grant).need().orElseThrow();
    return new PipelinePlan(
        KEY,
        "uid-1",
        1,
        List.of(),
        "Running",
        new PipelinePlan.Source(
            PRODUCT, "sales.orders", "t", "c", 1, ORDERS.schema(), "orderId", false),
        need.filter().orElse(null),
        need.columns(),
        need.mode(),
        new PipelinePlan.Target(
            "Postgres", KEY, "h", 1, "d", "disable", "w", need.table().orElse(null), null),
        need.onError(),
        Map.of(),
        Map.of(),
        null);
  }

  @Test
  void whatRunsGoesOnAsLongAsItIsGranted() {
    DataSubscriptionSpec spec = spec("\"filter\":\"event.total > 1.0\",");
    String rows = APPROVED + ",\"rowFilter\":\"event.country == 'DE'\"";
    AccessRequestSpec request = wanted(spec, ORDERS);
    PipelinePlan running = running(spec, Grant.of(decided(request, rows)));

    assertThat(permit(running, decided(request, rows), ORDERS)).isTrue();
    assertThat(permit(running, decided(request, "\"verdict\":\"Revoked\""), ORDERS)).isFalse();
    assertThat(permit(running, decided(request, APPROVED + ",\"fields\":[\"orderId\"]"), ORDERS))
        .as("fewer fields than it writes")
        .isFalse();
    assertThat(
            permit(
                running,
                decided(request, APPROVED + ",\"rowFilter\":\"event.country == 'FR'\""),
                ORDERS))
        .as("other rows than it writes")
        .isFalse();
    assertThat(
            permit(running, decided(request, rows + ",\"masks\":{\"customr\":\"Hash\"}"), ORDERS))
        .as("a decision that cannot be meant grants nothing")
        .isFalse();
    PipelinePlan crafted =
        running(
            spec("\"filter\":\"(event.country == 'DE'\\n) && (true\\n) || (true\\n)\","),
            Grant.ALL);
    assertThat(permit(crafted, decided(wanted(spec(""), ORDERS), rows), ORDERS))
        .as("looks as if it were bound")
        .isFalse();
    assertThat(
            permit(
                running,
                decided(request, rows),
                product(
                    ",\"phone\":{\"type\":\"string\"}", "", ",\"customer.phone\":\"Personal\"")))
        .as("its column would hold what nobody granted")
        .isFalse();
  }

  private static boolean permit(
      PipelinePlan running, AccessRequestSpec request, DataProductSpec product) {
    return AccessRequests.permit(running, List.of(asked("a", request)), product, schema(product));
  }
}
