package dev.millrace.catalog.ask;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ask.Explanation.EvaluatedExpression;
import dev.millrace.api.ask.Explanation.Unmeasured;
import dev.millrace.api.ask.Measurement;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static final List<EvaluatedExpression> EXPRESSIONS =
      List.of(
          new EvaluatedExpression("filter", "event.a == 1", true, null),
          new EvaluatedExpression(
              "column x", "event.b.exists(…)", false, "a loop is not compiled"));

  @Test
  void whatLimitsTheOneWorkerIsTheVerdict() {
    assertThat(Verdict.of(List.of(measured("w1", "Store", "The store.")), List.of(), EXPRESSIONS))
        .isEqualTo("The store.");
  }

  @Test
  void severalWorkersSpeakForThemselves() {
    assertThat(
            Verdict.of(
                List.of(
                    measured("w1", "Store", "The store."), measured("w2", "Nothing", "Nothing.")),
                List.of(),
                EXPRESSIONS))
        .isEqualTo("w1: The store. w2: Nothing.");
  }

  @Test
  void whoComputesIsToldWhatIsNotCompiled() {
    assertThat(
            Verdict.of(List.of(measured("w1", "Filtering", "Computing.")), List.of(), EXPRESSIONS))
        .isEqualTo(
            "Computing. The column x runs in the reference evaluator, many times slower than code:"
                + " a loop is not compiled.");
  }

  @Test
  void partitionsInTroubleAreNotPassedOverAndThoseAtTheirEndAre() {
    assertThat(
            Verdict.of(
                List.of(measured("w1", "Store", "The store.")),
                List.of(
                    new Unmeasured(List.of(2), "w2", null, "All is written."),
                    new Unmeasured(List.of(0, 1), "w2", "WorkerSilent", "It is away.")),
                EXPRESSIONS))
        .isEqualTo("The store. Not measured: partitions [0, 1], WorkerSilent.");
  }

  @Test
  void withoutAMeasureTheReasonIsTheVerdict() {
    assertThat(
            Verdict.of(
                List.of(),
                List.of(new Unmeasured(List.of(0), null, null, "It is paused.")),
                EXPRESSIONS))
        .isEqualTo("Nothing is measured. It is paused.");
  }

  static Measurement measured(
      String worker, String limitedBy, String sentence, Integer... partitions) {
    Measurement.BatchSizes none = new Measurement.BatchSizes(0, 0, 0);
    return new Measurement(
        worker,
        1,
        java.util.Arrays.stream(partitions)
            .map(partition -> new Measurement.SharedReading(partition, 0, false))
            .toList(),
        new Measurement.TimeShares(0, 0, 0, 1, 0, 0),
        1,
        0,
        0,
        none,
        none,
        java.util.Map.of(),
        limitedBy,
        sentence);
  }
}
