package dev.millrace.catalog.ask;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.ask.Explanation.Unmeasured;
import dev.millrace.api.ask.Measurement;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.catalog.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Of a pipeline with the partitions 0 and 1. */
class GapsTest {
  private static final ObjectKey KEY = new ObjectKey("risk", "orders");
  private static final PipelinePlan PLAN = Worker.plan(KEY, "uid");

  @Test
  void whatIsMeasuredIsNoGap() {
    assertThat(
            gaps(PLAN, List.of(report(0, "Live", null), report(1, "Live", null)), Set.of("w1"))
                .beside(List.of(VerdictTest.measured("w1", "Store", "", 0, 1))))
        .isEmpty();
  }

  @Test
  void aPausedPipelineIsPausedWhateverWasReported() {
    assertThat(
            gaps(PLAN.inState("Paused"), List.of(report(0, "Live", null)), Set.of())
                .beside(List.of()))
        .containsExactly(
            new Unmeasured(List.of(0, 1), null, null, "It is paused: nothing is read or written."));
  }

  @Test
  void thatNobodyHasTakenItIsSaid() {
    assertThat(gaps(PLAN, List.of(), Set.of()).beside(List.of()))
        .singleElement()
        .satisfies(gap -> assertThat(gap.partitions()).containsExactly(0, 1))
        .satisfies(gap -> assertThat(gap.code()).isEqualTo("WorkerSilent"));
  }

  @Test
  void aTroubleIsToldByItsPartitionAndTheOthersStandWithIt() {
    List<Unmeasured> found =
        gaps(
                PLAN,
                List.of(report(0, "Stopped", "HistoryLost"), report(1, "Stopped", null)),
                Set.of())
            .beside(List.of());

    assertThat(found)
        .containsExactly(
            new Unmeasured(List.of(0), "w1", "HistoryLost", "because of HistoryLost"),
            new Unmeasured(List.of(1), "w1", null, "It stands because another partition does."));
  }

  @Test
  void whoIsAtItsEndIsToldSo() {
    List<Measurement> measured = List.of(VerdictTest.measured("w1", "Store", "", 0));

    assertThat(
            gaps(PLAN, List.of(report(0, "Live", null), report(1, "Finished", null)), Set.of("w1"))
                .beside(measured))
        .containsExactly(new Unmeasured(List.of(1), "w1", null, "All up to its end is written."));
  }

  @Test
  void aWorkerThatDoesNotAnswerIsToldFromOneThatHasNothingToTell() {
    List<PartitionReport> reports = List.of(report(0, "Live", null), report(1, "Live", null));

    assertThat(gaps(PLAN, reports, Set.of()).beside(List.of()))
        .singleElement()
        .satisfies(gap -> assertThat(gap.code()).isEqualTo("WorkerSilent"))
        .satisfies(gap -> assertThat(gap.message()).contains("w1", "10 s"));
    assertThat(gaps(PLAN, reports, Set.of("w1")).beside(List.of()))
        .singleElement()
        .satisfies(gap -> assertThat(gap.code()).isNull())
        .satisfies(gap -> assertThat(gap.message()).contains("holds no store"));
  }

  private static Gaps gaps(PipelinePlan plan, List<PartitionReport> reports, Set<String> heard) {
    return new Gaps(plan, reports, heard, Duration.ofSeconds(10));
  }

  private static PartitionReport report(int partition, String phase, @Nullable String reason) {
    return new PartitionReport(
        KEY,
        partition,
        1,
        "w1",
        phase,
        0,
        0,
        0,
        Counts.NONE,
        0,
        null,
        reason,
        reason == null ? null : "because of " + reason,
        Instant.EPOCH);
  }
}
