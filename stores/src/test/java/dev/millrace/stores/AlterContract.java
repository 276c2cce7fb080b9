package dev.millrace.stores;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.column.ColumnType;
import dev.millrace.needs.plan.Alterations;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What every engine promises of a store that takes on more columns where it is. */
public abstract class AlterContract extends Rebuilds {
  private static final UnaryOperator<PlanBuilder> LATE =
      plan -> NOTED.apply(plan).column("late", "int64");

  @Test
  void rowsFromBeforeStayAndThoseSinceHaveTheColumn() throws Exception {
    PipelinePlan live = live();
    write(live, new Feed(0).put("a", "1").put("b", "2"));
    PipelinePlan next = altered(live, NOTED, 2);

    driver().alter(store().site(), next);

    write(next, new Feed(0, 2).put("b", "2", "n").put("c", "3", null));
    assertThat(rows(next))
        .containsExactlyInAnyOrder(
            Map.of("id", "a", "name", "1"),
            Map.of("id", "b", "name", "2", "note", "n"),
            Map.of("id", "c", "name", "3"));
    assertThat(driver().cursors(store().site(), next))
        .extracting(cursor -> cursor.definition() + "@" + cursor.nextOffset())
        .containsExactly("2@4");
  }

  @Test
  void anEventFromBeforeItMakesTheRowItMade() throws Exception {
    PipelinePlan live = live();
    write(live, new Feed(0).put("a", "1"));
    PipelinePlan next = altered(live, NOTED, 10);
    driver().alter(store().site(), next);
    Batch early = new Feed(0, 1).put("b", "2").batch();
    try (Sink sink = driver().sink(store().site(), next, "worker")) {
      sink.take(Set.of(0));
      sink.write(early);
    }

    try (Content content = driver().content(store().site(), next)) {
      Batch all = new Feed(0).put("a", "1").put("b", "2").batch();
      content.begin();
      List<Content.Row> found = content.next().orElseThrow().rows();
      assertThat(found)
          .extracting(Content.Row::content)
          .containsExactlyInAnyOrderElementsOf(
              all.entries().stream().map(content::content).toList());
    }
  }

  @Test
  void twiceIsOnceAndSomethingCanFollow() throws Exception {
    PipelinePlan live = live();
    write(live, put("a", "1"));
    PipelinePlan next = altered(live, NOTED, 1);
    driver().alter(store().site(), next);
    List<String> before = store().inventory();

    driver().alter(store().site(), next);
    assertThat(store().inventory()).isEqualTo(before);
    write(next, new Feed(0, 1).put("b", "2", "n"));
    driver().alter(store().site(), next);

    PipelinePlan last = altered(next, LATE, 2);
    driver().alter(store().site(), last);
    write(last, new Feed(0, 2).put("c", "3", null, 7L));
    assertThat(rows(last)).contains(Map.of("id", "c", "name", "3", "late", "7"));
  }

  @Test
  void nobodyMayBeBeyondThePlaceWhereItBegins() throws Exception {
    PipelinePlan live = live();
    write(live, new Feed(0).put("a", "1").put("b", "2").put("c", "3"));
    List<String> before = store().inventory();

    StoreProblem behind =
        assertProblem("AlterBehind", () -> driver().alter(store().site(), altered(live, NOTED, 2)));

    assertThat(behind.passing()).isTrue();
    assertThat(store().inventory()).isEqualTo(before);
    driver().alter(store().site(), altered(live, NOTED, 3));
  }

  /** They may be wanted again, from the same place. */
  @Test
  void norBeyondTheHoldWhereNobodyWantsTheColumnsAnyMore() throws Exception {
    PipelinePlan live = live();
    write(live, new Feed(0).put("a", "1").put("b", "2").put("c", "3"));
    PipelinePlan same = Alterations.altered(live, live, Map.of(0, 2L));

    assertProblem("AlterBehind", () -> driver().alter(store().site(), same.heldAt(Map.of(0, 2L))));

    driver().alter(store().site(), same.heldAt(Map.of(0, 3L)));
  }

  @Test
  void whoHoldsTheStoreByTheOldPlanIsFenced() throws Exception {
    PipelinePlan live = live();
    try (Sink old = driver().sink(store().site(), live, "worker")) {
      old.take(Set.of(0));
      old.write(put("a", "1").batch());
      PipelinePlan next = altered(live, NOTED, 5);
      driver().alter(store().site(), next);

      assertThat(
              org.assertj.core.api.Assertions.catchThrowable(
                  () -> old.write(new Feed(0, 1).put("b", "2").batch())))
          .isInstanceOf(Fenced.class);
      assertThat(rows(next)).containsExactly(Map.of("id", "a", "name", "1"));
    }
    try (Sink late = driver().sink(store().site(), live, "worker")) {
      assertProblem("Fenced", () -> late.take(Set.of(0)));
    }
  }

  @Test
  void aStoreOfANewerDefinitionIsLeftAsItIs() throws Exception {
    PipelinePlan live = live();
    PipelinePlan next = altered(live, NOTED, 0);
    PipelinePlan last = altered(next, LATE, 0);
    driver().alter(store().site(), last);
    List<String> before = store().inventory();

    assertProblem("Fenced", () -> driver().alter(store().site(), next));

    assertThat(store().inventory()).isEqualTo(before);
  }

  @Test
  void aStoreThatWasSetBackIsAlteredAgainFromWhereverItStands() throws Exception {
    PipelinePlan live = live();
    write(live, put("a", "1"));
    PipelinePlan next = altered(live, NOTED, 4);
    PipelinePlan last = altered(next, LATE, 8);
    try (Sink behind = driver().sink(store().site(), last, "worker")) {
      StoreProblem problem = assertProblem("DefinitionBehind", () -> behind.take(Set.of(0)));
      assertThat(problem.getMessage()).contains("columns were added");
    }

    driver().alter(store().site(), last);

    write(last, new Feed(0, 1).put("b", "2"));
    assertThat(rows(last)).hasSize(2);
  }

  @Test
  void oneThatWasSetBackToBeforeARebuildIsNot() throws Exception {
    PipelinePlan live = live();
    PipelinePlan rebuilt = copy(live, NAMED, 2);
    List<String> before = store().inventory();

    StoreProblem behind =
        assertProblem(
            "DefinitionBehind", () -> driver().alter(store().site(), altered(rebuilt, NOTED, 0)));

    assertThat(behind.getMessage()).contains("before a rebuild");
    assertThat(store().inventory()).isEqualTo(before);
  }

  @Test
  void aStoreOfAnotherTopicIsRefused() throws Exception {
    PipelinePlan live = live();
    PipelinePlan wanted =
        NOTED
            .apply(store().plan(live.subscription().name()).in(live.target()))
            .topicId("topic-2")
            .build();

    assertProblem(
        "SourceRecreated",
        () -> driver().alter(store().site(), Alterations.altered(live, wanted, Map.of(0, 0L))));
  }

  @Test
  void aStoreWithoutCursorsIsLost() throws Exception {
    PipelinePlan live = live();
    driver().withdraw(store().site(), live, false);

    assertProblem("StoreLost", () -> driver().alter(store().site(), altered(live, NOTED, 0)));
  }

  @Test
  void aColumnIsWidenedAsTheEngineSaysAndItsRowsStay() throws Exception {
    UnaryOperator<PlanBuilder> narrow = priced("decimal(10,2)");
    PipelinePlan live = narrow.apply(store().plan(fresh())).build();
    provision(live);
    write(live, put("a", new java.math.BigDecimal("1.50")));
    PipelinePlan next = altered(live, priced("decimal(14,2)"), 1);
    assertThat(driver().widens(new ColumnType.Decimal(10, 2), new ColumnType.Decimal(14, 2)))
        .isTrue();

    driver().checkAlter(store().site(), next);
    driver().alter(store().site(), next);

    write(next, new Feed(0, 1).put("b", new java.math.BigDecimal("999999999999.25")));
    assertThat(rows(next))
        .containsExactlyInAnyOrder(
            Map.of("id", "a", "price", "1.50"), Map.of("id", "b", "price", "999999999999.25"));
  }

  @Test
  void lookingWhatIsInTheWayChangesNothing() throws Exception {
    PipelinePlan live = live();
    List<String> before = store().inventory();

    driver().checkAlter(store().site(), altered(live, NOTED, 0));

    assertThat(store().inventory()).isEqualTo(before);
    write(live, put("a", "1"));
  }

  @Test
  void theReaderReadsTheNewColumn() throws Exception {
    PipelinePlan live = live();
    PipelinePlan next = altered(live, NOTED, 0);
    driver().alter(store().site(), next);
    write(next, put("a", "1", "n"));

    assertThat(store().rowsAs(store().reader(live), next))
        .containsExactly(Map.of("id", "a", "name", "1", "note", "n"));
  }

  @Test
  void aRebuildCanFollow() throws Exception {
    PipelinePlan live = live();
    write(live, put("a", "1"));
    PipelinePlan next = altered(live, NOTED, 1);
    driver().alter(store().site(), next);
    PipelinePlan rebuilt = copy(live, NOTED, 3);
    PipelinePlan shadow = shadow(rebuilt, NOTED);
    provisionShadow(shadow);
    write(shadow, put("a", "1", "n"));

    driver().checkSwap(store().site(), next, rebuilt);
    driver().swap(store().site(), next, shadow, rebuilt);

    assertThat(rows(rebuilt)).containsExactly(Map.of("id", "a", "name", "1", "note", "n"));
  }

  protected final PipelinePlan live() throws StoreProblem {
    PipelinePlan live = NAMED.apply(store().plan(fresh())).build();
    provision(live);
    return live;
  }

  /** What runs once the store of the one has the columns of the other, since this offset. */
  protected final PipelinePlan altered(
      PipelinePlan live, UnaryOperator<PlanBuilder> to, long since) {
    PipelinePlan wanted = copy(live, to, live.definition() + 1);
    return Alterations.altered(live, wanted, Map.of(0, since));
  }

  protected static UnaryOperator<PlanBuilder> priced(String type) {
    return plan -> plan.key("id", "text").column("price", type).partitions(1);
  }
}
