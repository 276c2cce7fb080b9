package dev.millrace.needs.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Condition;
import dev.millrace.api.status.Counts;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.api.status.SubscriptionStatus;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReconcileTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final ObjectKey KEY = new ObjectKey("team", "orders");

  @Test
  void aNewNeedIsProvisionedBeforeItIsPublished() {
    Observed seen = observed(null, plan("Running", "db"), Map.of());

    Step first = Step.next(seen, Step.Done.NOTHING);
    Step second = Step.next(seen, Step.Done.NOTHING.provisioned(seen.wanted().orElseThrow()));

    assertThat(first).isEqualTo(new Step.Provision(plan("Running", "db")));
    assertThat(second).isEqualTo(new Step.Publish(plan("Running", "db")));
  }

  @Test
  void aChangedStateIsPublishedWithoutTouchingTheStore() {
    Observed seen = observed(plan("Running", "db"), plan("Paused", "db"), Map.of());

    assertThat(Step.next(seen, Step.Done.NOTHING))
        .isEqualTo(new Step.Publish(plan("Paused", "db")));
  }

  @Test
  void aChangedTargetIsProvisionedFirst() {
    Observed seen = observed(plan("Running", "db"), plan("Running", "db2"), Map.of());

    assertThat(Step.next(seen, Step.Done.NOTHING)).isInstanceOf(Step.Provision.class);
  }

  @Test
  void historyIsProvenOnlyWhenEveryPartitionReportsItFlushed() {
    PipelinePlan plan = plan("Running", "db");

    assertThat(next(plan, Map.of(0, report(0, 10, 10))))
        .describedAs("one of two partitions has not reported")
        .isInstanceOf(Step.Rest.class);
    assertThat(next(plan, Map.of(0, report(0, 10, 10), 1, report(1, 20, 19))))
        .describedAs("applied, but a crash of the store could take it back")
        .isInstanceOf(Step.Rest.class);
    assertThat(next(plan, Map.of(0, report(0, 10, 10), 1, report(1, 20, 20))))
        .isEqualTo(new Step.Prove(plan));
  }

  @Test
  void readyIsTrueOnlyAfterProofAndThenStays() {
    PipelinePlan plan = plan("Running", "db");
    Map<Integer, PartitionReport> done = Map.of(0, report(0, 10, 10), 1, report(1, 20, 20));

    Report unproven = Report.of(observed(plan, plan, done), false, CLOCK);
    Report proven = Report.of(observed(plan, plan, done), true, CLOCK);
    Observed later =
        new Observed(
            2,
            false,
            Optional.of(plan),
            Optional.of(plan),
            true,
            Map.of(0, report(0, 3, 3)),
            proven.conditions(),
            Optional.empty());

    assertThat(status(unproven, "Ready")).isEqualTo("False");
    assertThat(status(proven, "Ready")).isEqualTo("True");
    assertThat(proven.phase()).isEqualTo("Live");
    assertThat(status(Report.of(later, false, CLOCK), "Ready")).isEqualTo("True");
    assertThat(status(Report.of(later, false, CLOCK), "CaughtUp")).isEqualTo("False");
    assertThat(Step.next(later, Step.Done.NOTHING)).isInstanceOf(Step.Rest.class);
  }

  @Test
  void whatWasAcceptedAsLostIsSaidForGood() {
    PipelinePlan plan =
        plan("Running", "db")
            .losing(new PipelinePlan.Loss("t", List.of(new PipelinePlan.Gap(0, 3, 8))));
    Map<Integer, PartitionReport> done = Map.of(0, report(0, 10, 10), 1, report(1, 20, 20));

    Report report = Report.of(observed(plan, plan, done), true, CLOCK);

    assertThat(report.lost())
        .containsExactly(new SubscriptionStatus.Lost(0, 3, 8, 5, "HistoryLost"));
    assertThat(report.conditions())
        .filteredOn(condition -> List.of("Ready", "Degraded").contains(condition.type()))
        .allSatisfy(condition -> {
          assertThat(condition.reason()).isEqualTo("LossAccepted");
          assertThat(condition.message()).contains("Offsets 3 to 7 of partition 0");
        })
        .extracting(Condition::status)
        .containsExactly("True", "False");
  }

  @Test
  void readyOfAnEarlierPipelineOfTheNameDoesNotCount() {
    PipelinePlan plan = plan("Running", "db");
    Map<Integer, PartitionReport> done = Map.of(0, report(0, 10, 10), 1, report(1, 20, 20));
    List<Condition> before = Report.of(observed(plan, plan, done), true, CLOCK).conditions();
    Observed seen =
        new Observed(
            1,
            false,
            Optional.empty(),
            Optional.of(plan),
            true,
            Map.of(),
            before,
            Optional.empty());

    assertThat(status(Report.of(seen, false, CLOCK), "Ready")).isEqualTo("False");
  }

  @Test
  void deletionStopsTheWorkersThenCleansThenForgets() {
    PipelinePlan running = plan("Running", "db");
    PipelinePlan stopped = plan("Stopped", "db");

    assertThat(Step.next(deleting(running), Step.Done.NOTHING))
        .isEqualTo(new Step.Publish(stopped));
    assertThat(Step.next(deleting(stopped), Step.Done.NOTHING))
        .isEqualTo(new Step.Withdraw(stopped));
    assertThat(Step.next(deleting(stopped), Step.Done.NOTHING.nowWithdrawn()))
        .isEqualTo(new Step.Retract(stopped));
    assertThat(Step.next(deleting(null), Step.Done.NOTHING))
        .describedAs("what was half made before the plan was published is cleaned too")
        .isInstanceOf(Step.Withdraw.class);
    assertThat(Step.next(deleting(null), Step.Done.NOTHING.nowWithdrawn()))
        .isEqualTo(new Step.Forget());
  }

  @Test
  void aFaultIsNamedInReadyWithItsRemedy() {
    Observed seen =
        new Observed(
            1,
            false,
            Optional.empty(),
            Optional.empty(),
            false,
            Map.of(),
            List.of(),
            Optional.of(
                new Fault("StoreUnavailable", "db:5432 refuses connections", "Start it.", true)));

    Report report = Report.of(seen, false, CLOCK);

    assertThat(condition(report, "Ready").reason()).isEqualTo("StoreUnavailable");
    assertThat(condition(report, "Ready").message())
        .isEqualTo("db:5432 refuses connections. Start it.");
    assertThat(report.phase()).isEqualTo("Pending");
  }

  @Test
  void aConditionKeepsTheTimeOfItsLastChange() {
    PipelinePlan plan = plan("Running", "db");
    Observed first = observed(plan, plan, Map.of());
    Report early = Report.of(first, false, CLOCK);
    Observed second =
        new Observed(
            1,
            false,
            Optional.of(plan),
            Optional.of(plan),
            true,
            Map.of(),
            early.conditions(),
            Optional.empty());

    Report late = Report.of(second, true, Clock.offset(CLOCK, java.time.Duration.ofHours(1)));

    assertThat(condition(late, "Provisioned").lastTransitionTime()).isEqualTo(NOW);
    assertThat(condition(late, "Ready").lastTransitionTime()).isAfter(NOW);
  }

  @Test
  void aStoppedPartitionMakesTheSubscriptionFailed() {
    PipelinePlan plan = plan("Running", "db");
    PartitionReport stopped =
        new PartitionReport(
            KEY, 0, 1, "w", "Stopped", 3, 3, 10, Counts.NONE, 0, null, "HistoryLost", "gone", NOW);

    Report report = Report.of(observed(plan, plan, Map.of(0, stopped)), false, CLOCK);

    assertThat(report.phase()).isEqualTo("Failed");
    assertThat(condition(report, "Degraded").reason()).isEqualTo("HistoryLost");
  }

  private static Step next(PipelinePlan plan, Map<Integer, PartitionReport> reports) {
    return Step.next(observed(plan, plan, reports), Step.Done.NOTHING);
  }

  private static Observed observed(
      @Nullable PipelinePlan published,
      PipelinePlan wanted,
      Map<Integer, PartitionReport> reports) {
    return new Observed(
        1,
        false,
        Optional.ofNullable(published),
        Optional.of(wanted),
        true,
        reports,
        List.of(),
        Optional.empty());
  }

  private static Observed deleting(@Nullable PipelinePlan published) {
    return new Observed(
        1,
        true,
        Optional.ofNullable(published),
        Optional.of(plan("Running", "db")),
        true,
        Map.of(),
        List.of(),
        Optional.empty());
  }

  private static Condition condition(Report report, String type) {
    return report.conditions().stream()
        .filter(c -> c.type().equals(type))
        .findFirst()
        .orElseThrow();
  }

  private static String status(Report report, String type) {
    return condition(report, type).status();
  }

  private static PartitionReport report(int partition, long position, long flushed) {
    return new PartitionReport(
        KEY,
        partition,
        1,
        "w",
        "Live",
        position,
        flushed,
        partition == 0 ? 10 : 20,
        Counts.NONE,
        0,
        null,
        null,
        null,
        NOW);
  }

  private static PipelinePlan plan(String state, String database) {
    return new PipelinePlan(
        KEY,
        "uid-1",
        1,
        List.of(),
        state,
        new PipelinePlan.Source(
            new ObjectKey("sales", "orders"),
            "sales.orders",
            "topic-id",
            "cluster",
            2,
            JsonNodeFactory.instance.objectNode(),
            "id",
            false),
        null,
        List.of(new PipelinePlan.Column("id", "id", null, "int64", true, "None")),
        "Upsert",
        new PipelinePlan.Target(
            "Postgres",
            new ObjectKey("team", "orders"),
            "127.0.0.1",
            5432,
            database,
            "disable",
            "writer/team/orders",
            new PipelinePlan.Table("public", "orders", List.of()),
            null),
        new PipelinePlan.ErrorPolicy("DeadLetter", null, null),
        Map.of(0, 0L, 1, 0L),
        Map.of(0, 10L, 1, 20L),
        null);
  }
}
