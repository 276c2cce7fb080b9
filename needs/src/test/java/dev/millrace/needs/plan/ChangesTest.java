package dev.millrace.needs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.column.ColumnType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangesTest {
  private static final String SELECT =
      "\"select\":[{\"field\":\"id\",\"key\":true},{\"field\":\"total\"}]";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          total:integer | total:integer                | NONE    | NONE    | NONE
          total:integer | note:string total:integer    | ALTER   | ALTER   | STOP
          total:integer | total:number                 | REBUILD | REBUILD | STOP
          total:integer | note:string total:number     | REBUILD | REBUILD | STOP
          total:integer | total:string                 | STOP    | REBUILD | STOP
          total:number  | total:integer                | STOP    | REBUILD | STOP
          total:string  | total:date-time              | STOP    | REBUILD | STOP
          total:date    | total:string                 | STOP    | REBUILD | STOP
          total:integer | total:any                    | STOP    | REBUILD | STOP
          total:any     | total:object                 | NONE    | NONE    | NONE
          a:object      | a:object+                    | NONE    | NONE    | NONE
          total:integer | note:string                  | STOP    | REBUILD | STOP
          a:string b:string | b:string a:string        | NONE    | NONE    | NONE
          """)
  void whatTheSchemaChangedGoesByThePolicyOfWhoTakesEveryField(
      String before, String after, Change.Way additive, Change.Way rebuild, Change.Way stop) {
    assertThat(change(before, after, "Additive", "").way()).isEqualTo(additive);
    assertThat(change(before, after, "Rebuild", "").way()).isEqualTo(rebuild);
    assertThat(change(before, after, "Stop", "").way()).isEqualTo(stop);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          total:integer a:string | total:integer a:integer b:string | NONE
          total:integer a:string | total:integer                    | NONE
          total:integer          | total:number                     | REBUILD
          total:integer          | total:string                     | STOP
          """)
  void whoNamesFieldsHearsOfThoseAlone(String before, String after, Change.Way way) {
    assertThat(change(before, after, "Additive", SELECT).way()).isEqualTo(way);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          event.a == event.a        | a:integer | a:number  | REBUILD
          event.a == event.a        | a:integer | a:string  | STOP
          event.o.email == 'x'      | o:object  | o:object+ | NONE
          has(event.o.email)        | o:object  | o:object- | STOP
          has(event.total)          | a:integer | a:string  | NONE
          """)
  void anExpressionThatReadsAChangedFieldMaySaySomethingElseOfOldEvents(
      String filter, String before, String after, Change.Way way) {
    String spec = "\"filter\":\"" + filter + "\"," + SELECT;
    assertThat(change("total:integer " + before, "total:integer " + after, "Additive", spec).way())
        .isEqualTo(way);
  }

  @Test
  void soMayOneThatMakesAColumn() {
    String spec =
        "\"select\":[{\"field\":\"id\",\"key\":true},{\"expr\":\"event.a == event.a\",\"as\":\"n\"}]";

    assertThat(change("a:integer", "a:string", "Additive", spec).way()).isEqualTo(Change.Way.STOP);
    assertThat(change("a:integer", "a:number", "Additive", spec).way())
        .isEqualTo(Change.Way.REBUILD);
    assertThat(change("a:integer", "a:integer b:string", "Stop", spec).way())
        .isEqualTo(Change.Way.NONE);
  }

  @Test
  void itSaysWhatChanged() {
    assertThat(change("a:integer b:string", "a:string c:date", "Additive", "").bySchema())
        .containsExactly("'a' was integer and is string", "'c' was added (date)", "'b' is gone");
  }

  @ParameterizedTest
  @CsvSource({"Additive", "Rebuild", "Stop"})
  void whatTheSubscriptionChangedIsDoneAsAsked(String policy) {
    Orders was = Orders.with("total:integer note:string").subscribed(policy(policy, SELECT));
    Orders is = was.subscribed(policy(policy, SELECT + ",\"filter\":\"event.total > 1\""));
    Orders all = was.subscribed(policy(policy, ""));

    assertThat(change(was, is, false).way()).isEqualTo(Change.Way.REBUILD);
    assertThat(change(was, all, false).way()).isEqualTo(Change.Way.REBUILD);
    assertThat(change(all, was, false).way()).isEqualTo(Change.Way.REBUILD);
    assertThat(change(is, is, false).way()).isEqualTo(Change.Way.NONE);
  }

  @Test
  void soIsWhatItChangedBesideTheSchema() {
    Orders was = Orders.with("total:integer").subscribed(policy("Stop", ""));
    Orders is =
        was.fields("total:string").subscribed(policy("Stop", "\"filter\":\"event.id > 1\""));

    assertThat(change(was, is, false).way()).isEqualTo(Change.Way.REBUILD);
  }

  @Test
  void aRebuildThatWasAskedForTakesTheSchemaAsItIs() {
    Orders was = Orders.with("total:integer").subscribed(policy("Stop", ""));

    assertThat(change(was, was.fields("total:string"), true).way()).isEqualTo(Change.Way.REBUILD);
    assertThat(change(was, was, true).way()).isEqualTo(Change.Way.REBUILD);
  }

  @ParameterizedTest
  @CsvSource({
    "'decimal(10,2)', 'decimal(12,2)', ALTER",
    "'decimal(10,2)', 'decimal(12,3)', REBUILD",
    "'decimal(12,2)', 'decimal(10,2)', REBUILD",
    "integer, bigint, REBUILD"
  })
  void aColumnThatItsOwnerWidensIsWidenedWhereTheEngineCan(
      String before, String after, Change.Way way) {
    Orders was = Orders.with("total:integer").subscribed(policy("Stop", typed(before)));

    assertThat(change(was, was.subscribed(policy("Stop", typed(after))), false).way())
        .isEqualTo(way);
  }

  @Test
  void aKeyIsNeverWidenedInPlace() {
    Orders was =
        Orders.with("")
            .subscribed("\"select\":[{\"field\":\"id\",\"key\":true,\"type\":\"integer\"}]");
    Orders is = was.subscribed("\"select\":[{\"field\":\"id\",\"key\":true,\"type\":\"bigint\"}]");

    assertThat(Changes.of(was.plan(), is.plan(), is.need(), false, (from, to) -> true).way())
        .isEqualTo(Change.Way.REBUILD);
  }

  @Test
  void aClassifiedFieldIsNotTakenOnUnasked() {
    Orders was = Orders.with("total:integer");
    Orders is =
        was.fields("total:integer ssn:string o:object note:string")
            .classified("{\"ssn\":\"Secret\",\"o.email\":\"Personal\",\"note\":\"Internal\"}");

    Change grown = change(was, is, false);

    assertThat(grown.way()).isEqualTo(Change.Way.ALTER);
    assertThat(grown.withheld()).containsExactly("ssn", "o");
    assertThat(names(grown.columns())).containsExactly("id", "total", "note");

    PipelinePlan altered =
        Alterations.altered(
            was.plan(),
            Alterations.wanted(was.plan(), is.plan(), grown.columns()),
            Map.of(0, 1L, 1, 1L));
    Change later = Changes.of(altered, is.plan(), is.need(), false, ChangesTest::inPlace);
    assertThat(later.way()).isEqualTo(Change.Way.NONE);
    assertThat(later.withheld()).containsExactly("ssn", "o");

    assertThat(names(change(was, is, true).columns())).contains("ssn", "o");
    assertThat(names(change(was, is.fields("total:number ssn:string o:object"), false).columns()))
        .containsExactly("id", "total");
  }

  @Test
  void norByWhoeverChangesSomethingElse() {
    Orders was = Orders.with("total:integer");
    Orders is =
        was.fields("total:integer ssn:string")
            .classified("{\"ssn\":\"Secret\"}")
            .subscribed("\"filter\":\"event.total > 1\"");

    Change filtered = change(was, is, false);

    assertThat(filtered.way()).isEqualTo(Change.Way.REBUILD);
    assertThat(names(filtered.columns())).containsExactly("id", "total");
    assertThat(filtered.withheld()).containsExactly("ssn");
    assertThat(names(change(was, is, true).columns())).contains("ssn");
  }

  @Test
  void columnsThatCameLaterAreThereAllTheSame() {
    Orders was = Orders.with("total:integer");
    Orders is = was.fields("a:string total:integer");
    PipelinePlan altered =
        Alterations.altered(
            was.plan(),
            Alterations.wanted(was.plan(), is.plan(), is.plan().columns()),
            Map.of(0, 5L, 1, 6L));

    assertThat(altered.definition()).isEqualTo(2);
    assertThat(altered.builtAt()).isEqualTo(1);
    assertThat(altered.requires()).contains("since");
    assertThat(names(altered.columns())).containsExactly("id", "total", "a");
    assertThat(Changes.of(altered, is.plan(), is.need(), false, ChangesTest::inPlace).way())
        .isEqualTo(Change.Way.NONE);
    assertThat(Alterations.unaltered(altered, is.plan())).isEqualTo(altered);
    assertThat(Rebuilds.sameContent(altered, is.plan())).isTrue();
  }

  @Test
  void aColumnThatIsWidenedTwiceRemembersBoth() {
    Orders was = Orders.with("total:number").subscribed(typed("decimal(4,2)"));
    PipelinePlan first = altered(was.plan(), was.subscribed(typed("decimal(6,2)")), 10L);
    PipelinePlan second = altered(first, was.subscribed(typed("decimal(8,2)")), 20L);

    PipelinePlan.Column total = second.columns().get(1);
    assertThat(total.type()).isEqualTo("decimal(8,2)");
    assertThat(total.since()).isEqualTo(Map.of(0, 20L));
    assertThat(total.before()).isEqualTo(first.columns().get(1));
    assertThat(total.before().before()).isEqualTo(was.plan().columns().get(1));
    assertThat(second.definition()).isEqualTo(3);
    assertThat(second.builtAt()).isEqualTo(1);
    assertThat(Alterations.settled(second)).isEqualTo(Map.of(0, 20L));
  }

  private static PipelinePlan altered(PipelinePlan live, Orders to, long at) {
    return Alterations.altered(
        live, Alterations.wanted(live, to.plan(), to.plan().columns()), Map.of(0, at));
  }

  private static Change change(String before, String after, String policy, String spec) {
    Orders was = Orders.with(before).subscribed(policy(policy, spec));
    return change(was, was.fields(after), false);
  }

  private static Change change(Orders was, Orders is, boolean asked) {
    return Changes.of(was.plan(), is.plan(), is.need(), asked, ChangesTest::inPlace);
  }

  private static boolean inPlace(ColumnType from, ColumnType to) {
    return from instanceof ColumnType.Decimal was
        && to instanceof ColumnType.Decimal is
        && was.scale() == is.scale()
        && was.precision() < is.precision();
  }

  private static String policy(String policy, String spec) {
    return "\"onSchemaChange\":\"" + policy + "\"" + (spec.isEmpty() ? "" : "," + spec);
  }

  private static String typed(String type) {
    return "\"select\":[{\"field\":\"id\",\"key\":true},{\"field\":\"total\",\"type\":\""
        + type
        + "\"}]";
  }

  private static List<String> names(List<PipelinePlan.Column> columns) {
    return columns.stream().map(PipelinePlan.Column::name).toList();
  }
}
