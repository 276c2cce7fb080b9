package dev.millrace.needs.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Condition;
import dev.millrace.api.status.Counts;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.needs.column.ColumnType;
import dev.millrace.needs.plan.Alterations;
import dev.millrace.needs.plan.Change;
import dev.millrace.needs.plan.Changes;
import dev.millrace.needs.plan.Orders;
import dev.millrace.needs.plan.Rebuilds;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How a store takes on more columns where it is, in a world of a plan, a worker and a store. */
class AlterTest {
  private static final Instant NOW = Instant.parse("2026-11-26T10:00:00Z");
  private static final Orders FEW = Orders.with("total:integer");
  private static final Orders MORE = FEW.fields("total:integer note:string");
  private static final Orders MOST = FEW.fields("total:integer note:string late:string");

  @Test
  void aColumnIsThereSinceThePlaceThatNobodyWasBeyond() {
    Model model = new Model();
    model.orders = MORE;

    assertThat(model.run(Integer.MAX_VALUE)).containsExactly("HoldToAlter", "Alter", "Publish 2");

    model.isDone("id", "total", "note");
    assertThat(model.live.columns().get(2).since()).isEqualTo(Map.of(0, 100L, 1, 100L));
    assertThat(model.live.builtAt()).isEqualTo(1);
  }

  @Test
  void itGoesOnAfterACrashBehindEachStep() {
    for (int crash = 0; crash <= 3; crash++) {
      Model model = new Model();
      model.orders = MORE;
      model.run(crash);
      model.run(Integer.MAX_VALUE);
      model.isDone("id", "total", "note");
    }
  }

  @Test
  void whatIsWantedMeanwhileIsTakenAlong() {
    for (int turn = 0; turn <= 3; turn++) {
      Model model = new Model();
      model.orders = MORE;
      model.run(turn);
      model.orders = MOST;
      model.run(Integer.MAX_VALUE);
      model.isDone("id", "total", "note", "late");
    }
  }

  @Test
  void nobodyIsLeftFencedWhenTheSchemaIsPutBackMeanwhile() {
    for (int turn = 0; turn <= 2; turn++) {
      Model model = new Model();
      model.orders = MORE;
      model.run(turn);
      model.orders = FEW;
      model.run(Integer.MAX_VALUE);
      assertThat(model.live.holdAt()).isNull();
      assertThat(model.live.definition()).isEqualTo(model.definition);
      assertThat(model.live.columns()).isEqualTo(FEW.plan().columns());
    }
  }

  @Test
  void aPipelineThatWentBeyondIsHeldFurther() {
    Model model = new Model();
    model.orders = MORE;
    model.run(1);
    model.position = 130;

    assertThat(model.run(Integer.MAX_VALUE)).containsExactly("Alter", "Alter", "Publish 2");
    assertThat(model.live.columns().get(2).since()).isEqualTo(Map.of(0, 130L, 1, 130L));
  }

  @Test
  void oneThatIsFarBehindNeedNotComeThere() {
    Model model = new Model();
    model.position = 3;
    model.orders = MORE;

    model.run(Integer.MAX_VALUE);

    model.isDone("id", "total", "note");
    assertThat(model.live.columns().get(2).since()).isEqualTo(Map.of(0, 100L, 1, 100L));
  }

  @Test
  void aStoreThatCannotBeAlteredInTimeLetsThePipelineGo() {
    Model model = new Model();
    model.orders = MORE;
    model.run(1);
    model.standing = waiting(Shadow.Patience.AT_ITS_END);

    assertThat(model.run(1)).containsExactly("Publish 1");
    model.standing = waiting(Shadow.Patience.COMING_BACK);
    assertThat(model.run(Integer.MAX_VALUE)).isEmpty();
    assertThat(model.live.holdAt()).isNull();

    Report report = Report.of(model.seen(), false, Clock.fixed(NOW, ZoneOffset.UTC));
    assertThat(condition(report, "SchemaCompatible").reason()).isEqualTo("TableLocked");
    assertThat(condition(report, "Degraded").isTrue()).isTrue();
    assertThat(report.phase()).isEqualTo("Live");
  }

  @Test
  void thePipelineStaysPausedMeanwhile() {
    Model model = new Model();
    model.state = "Paused";
    model.orders = MORE;

    assertThat(model.run(Integer.MAX_VALUE))
        .containsExactly("Publish 1", "HoldToAlter", "Alter", "Publish 2");
    assertThat(model.live.state()).isEqualTo("Paused");
  }

  @Test
  void aStoreThatWasSetBackBeforeItIsAlteredAgain() {
    Model model = new Model();
    model.orders = MORE;
    model.run(Integer.MAX_VALUE);
    model.orders = MOST;
    model.run(Integer.MAX_VALUE);
    PipelinePlan before = model.live;
    model.definition = 1;
    model.columns = new TreeSet<>(Set.of("id", "total"));
    model.position = 40;

    assertThat(model.run(Integer.MAX_VALUE)).containsExactly("Alter");

    assertThat(model.live).isEqualTo(before);
    model.isDone("id", "total", "note", "late");
  }

  /** The store is to be asked whether anybody is beyond it, though no column is new. */
  @Test
  void whatIsNotWantedAnyMoreIsStillHeldWhereItWas() {
    Model model = new Model();
    model.orders = MORE;
    model.run(1);
    model.orders = FEW;

    assertThat(Step.next(model.seen(), Step.Done.NOTHING))
        .isInstanceOfSatisfying(
            Step.Alter.class,
            alter -> assertThat(alter.next().holdAt()).isEqualTo(model.live.holdAt()).isNotNull());
  }

  @Test
  void oneThatWasSetBackCanBePausedWhateverItsStoreSays() {
    Model model = new Model();
    model.orders = MORE;
    model.run(Integer.MAX_VALUE);
    model.definition = 1;
    model.state = "Paused";

    assertThat(model.run(1)).containsExactly("Publish 2");
    assertThat(model.live.state()).isEqualTo("Paused");
    assertThat(Step.next(model.seen(), Step.Done.NOTHING)).isEqualTo(new Step.Alter(model.live));
  }

  @Test
  void oneThatWasSetBackBeforeARebuildIsNot() {
    Model model = new Model();
    model.live = atDefinition(model.live, 2);
    model.definition = 1;

    assertThat(model.run(Integer.MAX_VALUE)).isEmpty();
  }

  @Test
  void oneWhoseStoreWasSetBackAndCannotBeAlteredIsLetGo() {
    Model model = new Model();
    model.orders = MORE;
    model.run(Integer.MAX_VALUE);
    model.orders = MOST;
    model.run(1);
    assertThat(model.live.holdAt()).isNotNull();
    model.definition = 1;
    model.standing = waiting(Shadow.Patience.AT_ITS_END);

    assertThat(Step.next(model.seen(), Step.Done.NOTHING))
        .isEqualTo(new Step.Publish(model.live.heldAt(null)));
  }

  @Test
  void whatNobodyWantsIsCleanedBeforeAStoreThatWasSetBackIsAltered() {
    Model model = new Model();
    model.orders = MORE;
    model.run(Integer.MAX_VALUE);
    model.shadow = Rebuilds.shadow(atDefinition(FEW.subscribed("\"filter\":\"true\"").plan(), 3));
    model.definition = 1;
    model.columns = new TreeSet<>(Set.of("id", "total"));
    model.position = 40;

    assertThat(model.run(Integer.MAX_VALUE))
        .containsExactly("Publish shadow", "Drop", "Retract shadow", "Alter");
  }

  @Test
  void aShadowOfOtherContentGoesFirst() {
    Model model = new Model();
    model.shadow = Rebuilds.shadow(atDefinition(FEW.subscribed("\"filter\":\"true\"").plan(), 2));
    model.orders = MORE;

    assertThat(model.run(Integer.MAX_VALUE))
        .containsExactly(
            "Publish shadow", "Drop", "Retract shadow", "HoldToAlter", "Alter", "Publish 2");
  }

  @Test
  void deletionDoesNotWaitForIt() {
    Model model = new Model();
    model.orders = MORE;
    model.run(1);
    model.deleting = true;

    assertThat(model.run(1)).containsExactly("Publish 1 held");
    assertThat(model.live.state()).isEqualTo("Stopped");
  }

  @Test
  void theReportSaysSinceWhenAColumnIsThere() {
    Model model = new Model();
    model.orders = MORE;
    model.run(Integer.MAX_VALUE);

    Report report = Report.of(model.seen(), false, Clock.fixed(NOW, ZoneOffset.UTC));

    Condition schema = condition(report, "SchemaCompatible");
    assertThat(schema.isTrue()).isTrue();
    assertThat(schema.reason()).isEqualTo("ColumnsAdded");
    assertThat(schema.message()).contains("'note'", "{0=100, 1=100}", "rebuild");
  }

  @Test
  void oneThatWaitsForAPersonSaysSo() {
    Model model = new Model();
    Fault stops = new Fault("SchemaChanged", "'total' is gone", "Decide.", false);
    model.state = "Stopped";
    model.standing =
        new SchemaStanding(
            Optional.of(stops), List.of(), List.of(), Shadow.Patience.THERE, Optional.empty());

    assertThat(model.run(Integer.MAX_VALUE)).containsExactly("Publish 1");
    Report report = Report.of(model.seen(), false, Clock.fixed(NOW, ZoneOffset.UTC));

    assertThat(report.phase()).isEqualTo("Failed");
    assertThat(condition(report, "SchemaCompatible").status()).isEqualTo("False");
    assertThat(condition(report, "SchemaCompatible").reason()).isEqualTo("SchemaChanged");
    assertThat(condition(report, "Degraded").reason()).isEqualTo("SchemaChanged");
    assertThat(condition(report, "Ready").isTrue()).isTrue();
  }

  @Test
  void aFieldThatIsWithheldIsNamed() {
    Model model = new Model();
    model.standing =
        new SchemaStanding(
            Optional.empty(), List.of(), List.of("ssn"), Shadow.Patience.THERE, Optional.empty());

    Condition schema =
        condition(
            Report.of(model.seen(), false, Clock.fixed(NOW, ZoneOffset.UTC)), "SchemaCompatible");

    assertThat(schema.isTrue()).isTrue();
    assertThat(schema.reason()).isEqualTo("FieldWithheld");
    assertThat(schema.message()).contains("ssn", "select");
  }

  private static SchemaStanding waiting(Shadow.Patience patience) {
    return new SchemaStanding(
        Optional.empty(),
        List.of(),
        List.of(),
        patience,
        Optional.of(new Fault("TableLocked", "somebody holds it", "End that.", true)));
  }

  private static Condition condition(Report report, String type) {
    return report.conditions().stream()
        .filter(condition -> condition.type().equals(type))
        .findFirst()
        .orElseThrow();
  }

  private static PipelinePlan atDefinition(PipelinePlan plan, long definition) {
    return new PipelinePlan(
        plan.subscription(),
        plan.uid(),
        definition,
        plan.requires(),
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
  }

  /** The worker does at once what it is told; the store keeps what it was given. */
  private static final class Model {
    Orders orders = FEW;
    PipelinePlan live = FEW.plan();
    @Nullable PipelinePlan shadow;
    String state = "Running";
    boolean deleting;
    SchemaStanding standing = SchemaStanding.FITS;

    long position = 100;
    long definition = 1;
    Set<String> columns = new TreeSet<>(Set.of("id", "total"));

    Observed seen() {
      return new Observed(
          1,
          deleting,
          Optional.of(live),
          Optional.of(desired()),
          true,
          reports(),
          List.of(new Condition("Ready", "True", "HistoryProven", "", 1, NOW)),
          Optional.empty(),
          Optional.ofNullable(shadow)
              .map(plan ->
                  new Shadow(
                      plan,
                      Map.of(),
                      Shadow.Verdict.UNKNOWN,
                      Shadow.Patience.THERE,
                      Optional.empty())),
          standing);
    }

    private PipelinePlan desired() {
      PipelinePlan plan = atDefinition(orders.plan(), live.definition()).inState(state);
      Change change = Changes.of(live, plan, orders.need(), false, Model::inPlace);
      return change.way() == Change.Way.ALTER
          ? Alterations.wanted(live, plan, change.columns())
          : Alterations.unaltered(live, plan);
    }

    private static boolean inPlace(ColumnType from, ColumnType to) {
      return false;
    }

    private Map<Integer, PartitionReport> reports() {
      String reason = definition < live.definition() ? "DefinitionBehind" : null;
      return Map.of(0, report(0, reason), 1, report(1, reason));
    }

    private PartitionReport report(int partition, @Nullable String reason) {
      return new PartitionReport(
          live.subscription(),
          partition,
          live.definition(),
          "w",
          "Live",
          position,
          position,
          100,
          Counts.NONE,
          0,
          null,
          reason,
          null,
          NOW);
    }

    /** A controller that lives for so many steps. */
    List<String> run(int steps) {
      List<String> names = new ArrayList<>();
      Step.Done done = Step.Done.NOTHING;
      while (names.size() < steps) {
        Step step = Step.next(seen(), done);
        if (step instanceof Step.Rest) {
          return names;
        }
        done = act(step, done);
        names.add(name(step));
        assertThat(names).describedAs("an end").hasSizeLessThan(20);
      }
      return names;
    }

    private Step.Done act(Step step, Step.Done done) {
      switch (step) {
        case Step.HoldToAlter hold -> live = hold.live().heldAt(Map.of(0, 100L, 1, 100L));
        case Step.Alter alter -> {
          return altered(alter.next(), done);
        }
        case Step.Publish publish -> {
          if (publish.plan().subscription().equals(Orders.KEY)) {
            assertThat(
                    publish.plan().holdAt() != null
                        || publish.plan().definition() == definition
                        || publish.plan().equals(live.inState(state)))
                .describedAs("what runs is what the store has")
                .isTrue();
            live = publish.plan();
          } else {
            shadow = publish.plan();
          }
        }
        case Step.Drop drop -> {
          return done.nowDropped(drop.shadow());
        }
        case Step.Retract retract -> shadow = null;
        default -> throw new AssertionError(step);
      }
      return done;
    }

    /** As a driver promises; where it is too late, the controller holds it further. */
    private Step.Done altered(PipelinePlan next, Step.Done done) {
      assertThat(definition).isBetween(next.builtAt(), next.definition());
      long since = Alterations.nobodyBeyond(next).getOrDefault(0, Long.MAX_VALUE);
      if (definition < next.definition() && position > since) {
        live = live.heldAt(Map.of(0, position, 1, position));
        return done;
      }
      columns.addAll(names(next));
      definition = next.definition();
      return done.nowAltered(next);
    }

    private static Set<String> names(PipelinePlan plan) {
      return plan.columns().stream()
          .map(PipelinePlan.Column::name)
          .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String name(Step step) {
      return switch (step) {
        case Step.Publish publish ->
            publish.plan().subscription().equals(Orders.KEY)
                ? "Publish "
                    + publish.plan().definition()
                    + (publish.plan().holdAt() == null ? "" : " held")
                : "Publish shadow";
        case Step.Retract retract -> "Retract shadow";
        default -> step.getClass().getSimpleName();
      };
    }

    void isDone(String... names) {
      assertThat(columns).containsExactlyInAnyOrder(names);
      assertThat(names(live)).containsExactlyInAnyOrder(names);
      assertThat(live.definition()).isEqualTo(definition);
      assertThat(live.holdAt()).isNull();
    }
  }
}
