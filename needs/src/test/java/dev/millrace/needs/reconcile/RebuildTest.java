package dev.millrace.needs.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Condition;
import dev.millrace.api.status.Counts;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.needs.plan.Rebuilds;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A rebuild as a controller goes about it, in a world of plans, workers and a store. */
class RebuildTest {
  private static final Instant NOW = Instant.parse("2026-11-26T10:00:00Z");
  private static final ObjectKey KEY = new ObjectKey("team", "orders");
  private static final ObjectKey SHADOW = new ObjectKey("team", "orders~rebuild");

  @Test
  void theNewContentTakesTheOldOnesPlaceAndNothingIsLeft() {
    Model model = new Model();
    model.want("total > 5", 2);

    List<String> steps = model.run(Integer.MAX_VALUE);

    assertThat(steps)
        .containsExactly(
            "Publish shadow",
            "Provision shadow",
            "Publish shadow",
            "Compare",
            "Hold",
            "Swap",
            "Publish live 2",
            "Retract shadow");
    model.isDone("total > 5");
  }

  @Test
  void itGoesOnAfterACrashBehindEachStep() {
    Model whole = new Model();
    whole.want("total > 5", 2);
    int steps = whole.run(Integer.MAX_VALUE).size();

    for (int crash = 0; crash <= steps; crash++) {
      Model model = new Model();
      model.want("total > 5", 2);
      model.run(crash);
      model.run(Integer.MAX_VALUE);
      model.isDone("total > 5");
    }
  }

  @Test
  void itGoesOnAfterACrashBetweenTheTwoThatAreHeld() {
    Model model = new Model();
    model.want("total > 5", 2);
    model.run(4);
    PipelinePlan shadow = model.plans.get(SHADOW);
    model.plans.put(SHADOW, shadow.heldAt(Map.of(0, 100L)));

    List<String> steps = model.run(Integer.MAX_VALUE);

    assertThat(steps).startsWith("Publish live 1 held", "Swap");
    model.isDone("total > 5");
  }

  @Test
  void aLiveOneThatWentPastItIsNotHeldThere() {
    Model model = new Model();
    model.want("total > 5", 2);
    model.run(4);
    PipelinePlan shadow = model.plans.get(SHADOW);
    model.plans.put(SHADOW, shadow.heldAt(Map.of(0, 90L)));

    List<String> steps = model.run(Integer.MAX_VALUE);

    assertThat(steps).startsWith("Publish shadow").contains("Hold", "Swap");
    model.isDone("total > 5");
  }

  @Test
  void whatCannotBeSwappedInTimeIsLetGo() {
    Model model = new Model();
    model.want("total > 5", 2);
    model.run(5);
    model.patience = Shadow.Patience.AT_ITS_END;

    assertThat(model.run(1)).containsExactly("Publish shadow");
    model.patience = Shadow.Patience.COMING_BACK;
    assertThat(model.run(Integer.MAX_VALUE)).containsExactly("Publish live 1", "Compare");
    assertThat(model.plans.get(KEY).holdAt()).isNull();
    assertThat(model.plans.get(SHADOW).holdAt()).isNull();
  }

  @Test
  void whatNobodyWantsAnyMoreIsTakenAway() {
    Model whole = new Model();
    whole.want("total > 5", 2);
    int steps = whole.run(Integer.MAX_VALUE).size();

    for (int turn = 1; turn <= steps; turn++) {
      Model model = new Model();
      model.want("total > 5", 2);
      model.run(turn);
      model.want("total > 7", 3);
      model.run(Integer.MAX_VALUE);
      model.isDone("total > 7");
    }
  }

  @Test
  void aCancelledOneLeavesTheOldContentWhereItIs() {
    Model model = new Model();
    model.want("total > 5", 2);
    model.run(3);
    model.want(null, 1);

    assertThat(model.run(Integer.MAX_VALUE))
        .containsExactly("Publish shadow", "Drop", "Retract shadow");
    model.isDone(null);
  }

  @Test
  void wrongContentIsNeverSwappedIn() {
    Model model = new Model();
    model.want("total > 5", 2);
    model.outcome = Shadow.Verdict.WRONG;

    assertThat(model.run(Integer.MAX_VALUE)).doesNotContain("Hold", "Swap");
    Report report = Report.of(model.seen(), false, Clock.fixed(NOW, ZoneOffset.UTC));
    assertThat(report.rebuild().orElseThrow().reason()).isEqualTo("RebuildDiffers");
    assertThat(report.phase()).isEqualTo("Live");
  }

  @Test
  void itWaitsWhileTheSubscriptionIsPaused() {
    Model model = new Model();
    model.want("total > 5", 2);
    model.run(3);
    model.wanted = model.wanted.inState("Paused");

    assertThat(model.run(Integer.MAX_VALUE)).containsExactly("Publish live 1", "Publish shadow");
    assertThat(model.plans.get(SHADOW).state()).isEqualTo("Paused");
  }

  @Test
  void whatIsAcceptedAsLostMeanwhileHoldsForBothAndForWhatComes() {
    Model model = new Model();
    model.want("total > 5", 2);
    model.run(3);
    PipelinePlan.Loss loss = new PipelinePlan.Loss("t", List.of(new PipelinePlan.Gap(0, 20, 50)));
    model.loss = loss;

    assertThat(model.run(2)).containsExactly("Publish live 1", "Publish shadow");
    assertThat(model.plans.values()).allSatisfy(plan -> assertThat(plan.loss()).isEqualTo(loss));
    model.run(Integer.MAX_VALUE);
    model.isDone("total > 5");
    assertThat(model.plans.get(KEY).loss()).isEqualTo(loss);
  }

  @Test
  void deletionTakesTheShadowAwayFirst() {
    Model model = new Model();
    model.want("total > 5", 2);
    model.run(3);
    model.deleting = true;

    assertThat(model.run(Integer.MAX_VALUE))
        .containsExactly(
            "Publish shadow",
            "Drop",
            "Retract shadow",
            "Publish live 1",
            "Withdraw",
            "Retract live",
            "Forget");
  }

  @Test
  void theOldContentStaysReadyMeanwhile() {
    Model model = new Model();
    model.want("total > 5", 2);
    model.run(3);

    Report report = Report.of(model.seen(), false, Clock.fixed(NOW, ZoneOffset.UTC));

    assertThat(report.phase()).isEqualTo("Live");
    assertThat(report.rebuild().orElseThrow().phase()).isEqualTo("Loading");
  }

  /** Workers do at once what they are told; the store keeps what it was given. */
  private static final class Model {
    final Map<ObjectKey, PipelinePlan> plans = new HashMap<>();
    PipelinePlan wanted = plan(null, 1);
    boolean deleting;
    Shadow.Verdict outcome = Shadow.Verdict.RIGHT;
    Shadow.Patience patience = Shadow.Patience.THERE;
    private Shadow.Verdict verdict = Shadow.Verdict.UNKNOWN;
    PipelinePlan.@Nullable Loss loss;

    /** The live pipeline's table, as a filter says what is in it; and the shadows' by uid. */
    @Nullable String content;

    long definition = 1;
    final Map<String, @Nullable String> shadows = new HashMap<>();

    Model() {
      plans.put(KEY, wanted);
    }

    void want(@Nullable String filter, long definition) {
      wanted = plan(filter, definition).inState(wanted.state());
    }

    Observed seen() {
      PipelinePlan live = plans.get(KEY);
      return new Observed(
          1,
          deleting,
          Optional.ofNullable(live),
          Optional.of(desired()),
          true,
          live == null ? Map.of() : reports(live),
          List.of(new Condition("Ready", "True", "HistoryProven", "", 1, NOW)),
          Optional.empty(),
          Optional.ofNullable(plans.get(SHADOW))
              .map(shadow ->
                  new Shadow(shadow, reports(shadow), verdict, patience, Optional.empty())));
    }

    /** As planning has it: what is published already keeps its definition. */
    private PipelinePlan desired() {
      return planned().losing(loss);
    }

    private PipelinePlan planned() {
      PipelinePlan live = plans.get(KEY);
      PipelinePlan shadow = plans.get(SHADOW);
      if (live == null || Rebuilds.sameContent(live, wanted)) {
        return live == null ? wanted : Rebuilds.carrying(live, wanted).heldAt(null);
      }
      long last = Math.max(live.definition(), shadow == null ? 0 : shadow.definition());
      PipelinePlan next = plan(wanted.filter(), last + 1).inState(wanted.state());
      return shadow != null && Rebuilds.builds(shadow, next)
          ? plan(wanted.filter(), shadow.definition()).inState(wanted.state())
          : next;
    }

    private Map<Integer, PartitionReport> reports(PipelinePlan plan) {
      long position = plan.holdAt() == null ? 100 : plan.holdAt().get(0);
      return Map.of(
          0,
          new PartitionReport(
              plan.subscription(),
              0,
              plan.definition(),
              "w",
              "Live",
              position,
              position,
              100,
              Counts.NONE,
              0,
              null,
              null,
              null,
              NOW));
    }

    /** A controller that lives for so many steps. */
    List<String> run(int steps) {
      List<String> names = new ArrayList<>();
      Step.Done done = Step.Done.NOTHING;
      verdict = Shadow.Verdict.UNKNOWN;
      while (names.size() < steps) {
        Step step = Step.next(seen(), done);
        if (step instanceof Step.Rest) {
          return names;
        }
        done = act(step, done);
        names.add(name(step));
        if (step instanceof Step.Forget) {
          return names;
        }
        assertThat(names).describedAs("an end").hasSizeLessThan(40);
      }
      return names;
    }

    private Step.Done act(Step step, Step.Done done) {
      switch (step) {
        case Step.Provision provision -> {
          shadows.put(provision.plan().uid(), provision.plan().filter());
          return done.provisioned(provision.plan());
        }
        case Step.Publish publish -> {
          PipelinePlan plan = publish.plan();
          if (plan.subscription().equals(KEY)) {
            assertThat(plan.definition())
                .describedAs("what runs is what the store has")
                .isEqualTo(definition);
          }
          plans.put(plan.subscription(), plan);
        }
        case Step.Compare compare -> verdict = outcome;
        case Step.Hold hold -> {
          plans.put(SHADOW, hold.shadow().heldAt(Map.of(0, 100L)));
          plans.put(KEY, hold.live().heldAt(Map.of(0, 100L)));
        }
        case Step.Swap swap -> {
          if (definition < swap.next().definition()) {
            assertThat(shadows).containsKey(swap.shadow().uid());
            content = shadows.remove(swap.shadow().uid());
            definition = swap.next().definition();
          }
          return done.nowSwapped(swap.shadow());
        }
        case Step.Drop drop -> {
          assertThat(plans.get(SHADOW).state()).isEqualTo("Stopped");
          shadows.remove(drop.shadow().uid());
          return done.nowDropped(drop.shadow());
        }
        case Step.Withdraw withdraw -> {
          return done.nowWithdrawn();
        }
        case Step.Retract retract -> plans.remove(retract.plan().subscription());
        case Step.HoldToAlter hold -> throw new AssertionError("its columns stay");
        case Step.Alter alter -> throw new AssertionError("its columns stay");
        case Step.Prove prove -> throw new AssertionError("it is ready");
        case Step.Forget forget -> assertThat(shadows).isEmpty();
        case Step.Rest rest -> throw new AssertionError(rest);
      }
      return done;
    }

    private static String name(Step step) {
      return switch (step) {
        case Step.Provision provision -> "Provision " + whose(provision.plan());
        case Step.Publish publish ->
            publish.plan().subscription().equals(KEY)
                ? "Publish live "
                    + publish.plan().definition()
                    + (publish.plan().holdAt() == null ? "" : " held")
                : "Publish shadow";
        case Step.Retract retract -> "Retract " + whose(retract.plan());
        default -> step.getClass().getSimpleName();
      };
    }

    private static String whose(PipelinePlan plan) {
      return plan.subscription().equals(KEY) ? "live" : "shadow";
    }

    void isDone(@Nullable String filter) {
      assertThat(content).isEqualTo(filter);
      assertThat(plans).containsOnlyKeys(KEY);
      assertThat(Objects.requireNonNull(plans.get(KEY)).filter()).isEqualTo(filter);
      assertThat(plans.get(KEY).holdAt()).isNull();
      assertThat(plans.get(KEY).definition()).isEqualTo(definition);
      assertThat(shadows).isEmpty();
    }
  }

  private static PipelinePlan plan(@Nullable String filter, long definition) {
    return new PipelinePlan(
        KEY,
        "uid-1",
        definition,
        List.of(),
        "Running",
        new PipelinePlan.Source(
            new ObjectKey("sales", "orders"),
            "sales.orders",
            "topic-id",
            "cluster",
            1,
            JsonNodeFactory.instance.objectNode(),
            "id",
            false),
        filter,
        List.of(new PipelinePlan.Column("id", "id", null, "int64", true, "None")),
        "Upsert",
        new PipelinePlan.Target(
            "Postgres",
            new ObjectKey("team", "orders"),
            "127.0.0.1",
            5432,
            "db",
            "disable",
            "writer/team/orders",
            new PipelinePlan.Table("public", "orders", List.of()),
            null),
        new PipelinePlan.ErrorPolicy("DeadLetter", null, null),
        Map.of(0, 0L),
        Map.of(0, 10L),
        null);
  }
}
