package dev.millrace.standalone.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ask.Explanation;
import dev.millrace.api.ask.Explanation.EvaluatedExpression;
import dev.millrace.api.ask.Explanation.ExtractedField;
import dev.millrace.api.ask.Explanation.Unmeasured;
import dev.millrace.api.ask.Explanation.WriteWay;
import dev.millrace.api.ask.Measurement;
import dev.millrace.api.ask.Measurement.BatchSizes;
import dev.millrace.api.ask.Measurement.SharedReading;
import dev.millrace.api.ask.Measurement.TimeShares;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TextTest {
  private static final Measurement MEASURED =
      new Measurement(
          "worker-1",
          9.44,
          List.of(
              new SharedReading(0, 49, false),
              new SharedReading(1, 49, false),
              new SharedReading(2, 0, true)),
          new TimeShares(0.02, 0.11, 0.05, 0.82, 0, 0),
          0.98,
          1_690_000,
          169,
          new BatchSizes(9_210, 10_000, 10_000),
          new BatchSizes(3_702, 4_011, 4_102),
          new TreeMap<>(Map.of("Copy", 166L, "Statement", 3L)),
          "Store",
          "Limited by the store.");

  private static Explanation explanation(List<Measurement> measured, List<Unmeasured> unmeasured) {
    return new Explanation(
        "Limited by the store.",
        3,
        "Running",
        List.of(
            new ExtractedField("orderId", List.of("key", "column order_id")),
            new ExtractedField("total", List.of("filter"))),
        List.of(
            new EvaluatedExpression("filter", "event.total > 1.0", true, null),
            new EvaluatedExpression("column x", "event.a.exists(…)", false, "a loop")),
        true,
        "Postgres",
        "Upsert",
        List.of(new WriteWay("Copy", "by COPY")),
        measured,
        unmeasured);
  }

  @Test
  void theLimitComesFirstAndThenThePlanAndWhatWasMeasured() {
    assertThat(Text.of(explanation(List.of(MEASURED), List.of())))
        .isEqualTo(
            """
            Limited by the store.

            The plan, definition 3, Running
              reads           orderId (key, column order_id)
                              total (filter)
              filter          event.total > 1.0
                              runs as code
              column x        event.a.exists(…)
                              runs in the reference evaluator: a loop
              leaving         an event that does not match the filter deletes its row
              writes          Postgres, Upsert
                              Copy: by COPY

            worker-1, the last 9.4 s: 1,690,000 events in 169 batches
              time            store 82 %, filtering 11 %, encoding 5 %, reading 2 %, its turn 0 %, new events 0 %
                              98 % of it a write was under way
              events          9,210 now, 10,000 median, 10,000 largest in a batch
              changes         3,702 now, 4,011 median, 4,102 largest in a batch
              batches         166 Copy, 3 Statement, since the store was taken
              partition       2: read for it alone, catching up with those ahead
              partition       0 1: read together with 49 other subscriptions
            """);
  }

  @Test
  void whatIsNotMeasuredSaysWhy() {
    assertThat(
            Text.of(
                explanation(
                    List.of(),
                    List.of(
                        new Unmeasured(List.of(0, 1), null, null, "It is paused."),
                        new Unmeasured(List.of(2), "w", "WorkerSilent", "No answer.")))))
        .endsWith(
            """

            Not measured: partitions 0 1
              why             It is paused.

            Not measured: partitions 2
              why             WorkerSilent: No answer.
            """);
  }
}
