package dev.millrace.catalog.ask;

import dev.millrace.api.ask.Explanation.EvaluatedExpression;
import dev.millrace.api.ask.Explanation.Unmeasured;
import dev.millrace.api.ask.Measurement;
import java.util.List;
import java.util.stream.Collectors;

/** What limits a pipeline, in one sentence; one for each worker where there are several. */
final class Verdict {
  private Verdict() {}

  static String of(
      List<Measurement> measured,
      List<Unmeasured> unmeasured,
      List<EvaluatedExpression> expressions) {
    if (measured.isEmpty()) {
      return unmeasured.stream()
          .map(gap -> "Nothing is measured. " + gap.message())
          .findFirst()
          .orElse("Nothing is measured.");
    }
    String sentence =
        measured.size() == 1
            ? measured.get(0).sentence()
            : measured.stream()
                .map(each -> each.worker() + ": " + each.sentence())
                .collect(Collectors.joining(" "));
    boolean computing = measured.stream().anyMatch(each -> each.limitedBy().equals("Filtering"));
    return sentence + (computing ? slow(expressions) : "") + troubles(unmeasured);
  }

  private static String troubles(List<Unmeasured> unmeasured) {
    return unmeasured.stream()
        .filter(gap -> gap.code() != null)
        .map(gap -> " Not measured: partitions " + gap.partitions() + ", " + gap.code() + ".")
        .collect(Collectors.joining());
  }

  /** Where the reference evaluator runs, it is what takes the time. */
  private static String slow(List<EvaluatedExpression> expressions) {
    return expressions.stream()
        .filter(expression -> !expression.compiled())
        .map(expression ->
            " The "
                + expression.of()
                + " runs in the reference evaluator, many times slower than code: "
                + expression.why()
                + ".")
        .collect(Collectors.joining());
  }
}
