package dev.millrace.needs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.plan.PipelinePlan.Gap;
import dev.millrace.api.plan.PipelinePlan.Loss;
import dev.millrace.api.plan.PipelinePlan.Thinned;
import dev.millrace.api.status.Counts;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.api.status.SubscriptionStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LossesTest {
  private static final ObjectKey KEY = new ObjectKey("team", "orders");
  private static final Map<Integer, Long> ENDS = Map.of(0, 1_000L, 1, 1_000L);

  @Test
  void whoStandsInAGapGoesOnBehindItAndNobodyElse() {
    PipelinePlan plan = plan(new Gap(0, 10, 20), new Gap(0, 20, 30), new Gap(1, 0, 5));

    assertThat(Losses.behind(plan, 0, 9)).as("lost more than was accepted").isEqualTo(9);
    assertThat(Losses.behind(plan, 0, 10)).isEqualTo(30);
    assertThat(Losses.behind(plan, 0, 29)).isEqualTo(30);
    assertThat(Losses.behind(plan, 0, 30)).isEqualTo(30);
    assertThat(Losses.behind(plan, 0, 31)).isEqualTo(31);
    assertThat(Losses.behind(plan, 2, 12)).as("another partition").isEqualTo(12);
    assertThat(Losses.isIn(plan, 0, 30)).as("the record before has left the log").isTrue();
    assertThat(Losses.isIn(plan, 0, 31)).isFalse();
  }

  @Test
  void allThatAStoppedPipelineStandsBeforeIsAcceptedAtOnce() {
    Optional<Loss> loss =
        accepted(
            Map.of(0, stopped(0, 10, "HistoryLost"), 1, stopped(1, 5, null)),
            Map.of(0, 100L, 1, 50L));

    assertThat(loss).contains(new Loss("t", List.of(new Gap(0, 10, 100), new Gap(1, 5, 50))));
  }

  @Test
  void aPartitionThatLostNothingHasNoGap() {
    Optional<Loss> loss =
        accepted(
            Map.of(0, stopped(0, 10, "HistoryLost"), 1, stopped(1, 50, null)),
            Map.of(0, 100L, 1, 50L));

    assertThat(loss).contains(new Loss("t", List.of(new Gap(0, 10, 100))));
  }

  @Test
  void aTokenIsSpentWhereNothingIsLostAndWaitsWhereThatIsNotKnown() {
    PartitionReport whole = report(0, 1, "Live", 100, null);
    Map<Integer, Long> begins = Map.of(0, 100L, 1, 50L);

    assertThat(accepted(Map.of(0, whole, 1, report(1, 1, "Live", 50, null)), begins))
        .contains(new Loss("t", List.of()));
    assertThat(accepted(Map.of(0, whole), begins)).as("not heard of all").isEmpty();
    assertThat(accepted(Map.of(0, whole, 1, report(1, 2, "Live", 50, null)), begins))
        .as("said of another definition")
        .isEmpty();
    assertThat(accepted(Map.of(0, whole, 1, report(1, 1, "Live", 49, null)), begins))
        .as("it may have gone on since")
        .isEmpty();
    assertThat(accepted(Map.of(0, whole, 1, stopped(1, 49, "HistoryTruncated")), begins))
        .as("it stands for another reason")
        .isEmpty();
  }

  @Test
  void whatWasAcceptedBeforeStaysUnlessItIsPartOfWhatIsAcceptedNow() {
    PipelinePlan live = plan(new Gap(0, 10, 20), new Gap(0, 60, 70), new Gap(1, 0, 5));

    Loss loss =
        Losses.accepted(
                "t",
                live,
                Map.of(0, stopped(0, 5, "HistoryLost"), 1, stopped(1, 9, null)),
                Optional.empty(),
                Map.of(),
                Map.of(0, 50L, 1, 5L),
                ENDS)
            .orElseThrow();

    assertThat(loss.gaps())
        .containsExactly(new Gap(0, 5, 50), new Gap(0, 60, 70), new Gap(1, 0, 5));
  }

  @Test
  void whatARebuildStandsBeforeIsAcceptedToo() {
    PipelinePlan live = plan();
    PipelinePlan shadow = Rebuilds.shadow(live);

    Optional<Loss> loss =
        Losses.accepted(
            "t",
            live,
            Map.of(0, report(0, 1, "Live", 100, null), 1, report(1, 1, "Live", 50, null)),
            Optional.of(shadow),
            Map.of(0, stopped(0, 0, "HistoryLost")),
            Map.of(0, 90L, 1, 0L),
            ENDS);

    assertThat(loss).contains(new Loss("t", List.of(new Gap(0, 0, 90))));
  }

  @Test
  void whatCompactionTookIsAcceptedUpToTheLogsEndAndMadeGoodByARebuild() {
    Loss loss =
        accepted(
                Map.of(0, stopped(0, 10, "HistoryCompacted"), 1, stopped(1, 1_000, null)),
                Map.of(0, 0L, 1, 0L))
            .orElseThrow();
    PipelinePlan plan = plan().losing(loss);

    assertThat(loss.gaps()).isEmpty();
    assertThat(loss.thinned()).containsExactly(new Thinned(0, 10, 1_000, 1));
    assertThat(Losses.behind(plan, 0, 10)).as("what is left is applied").isEqualTo(10);
    assertThat(Losses.isThinned(plan, 0, 9)).isFalse();
    assertThat(Losses.isThinned(plan, 0, 10)).isTrue();
    assertThat(Losses.isThinned(plan, 0, 1_000)).isFalse();
    assertThat(Losses.all(plan))
        .containsExactly(new SubscriptionStatus.Lost(0, 10, 1_000, 990, "HistoryCompacted"));
    assertThat(Losses.begins(plan)).isEqualTo(plan.start());

    PipelinePlan rebuilt =
        plan().losing(new Loss("t", List.of(), List.of(new Thinned(0, 10, 1_000, 0))));
    assertThat(Losses.isThinned(rebuilt, 0, 10)).isFalse();
    assertThat(Losses.sentence(rebuilt)).isEmpty();
  }

  @Test
  void aRebuildBeginsBehindWhatWasLost() {
    assertThat(Losses.begins(plan(new Gap(0, 10, 20), new Gap(0, 60, 70))))
        .isEqualTo(Map.of(0, 70L, 1, 0L));
  }

  @Test
  void whatWasLostIsSaid() {
    assertThat(Losses.sentence(plan())).isEmpty();
    assertThat(Losses.sentence(plan(new Gap(0, 10, 20), new Gap(1, 0, 5))).orElseThrow())
        .startsWith("Offsets 10 to 19 of partition 0, 0 to 4 of partition 1 left the log");
  }

  private static Optional<Loss> accepted(
      Map<Integer, PartitionReport> reports, Map<Integer, Long> begins) {
    return Losses.accepted("t", plan(), reports, Optional.empty(), Map.of(), begins, ENDS);
  }

  private static PartitionReport stopped(int partition, long position, @Nullable String reason) {
    return report(partition, 1, "Stopped", position, reason);
  }

  private static PartitionReport report(
      int partition, long definition, String phase, long position, @Nullable String reason) {
    return new PartitionReport(
        KEY,
        partition,
        definition,
        "w",
        phase,
        position,
        position,
        1_000,
        Counts.NONE,
        0,
        null,
        reason,
        reason,
        Instant.EPOCH);
  }

  private static PipelinePlan plan(Gap... gaps) {
    return new PipelinePlan(
            KEY,
            "uid-1",
            1,
            List.of(),
            "Running",
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
            new PipelinePlan.Target("Postgres", KEY, "h", 1, "db", "disable", "w", null, null),
            new PipelinePlan.ErrorPolicy("DeadLetter", null, null),
            Map.of(0, 0L, 1, 0L),
            Map.of(0, 10L, 1, 20L),
            null)
        .losing(gaps.length == 0 ? null : new Loss("before", List.of(gaps)));
  }
}
