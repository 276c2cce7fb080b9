package dev.millrace.operator.kind;

import dev.millrace.api.problem.Finding;
import java.util.List;
import java.util.stream.Collectors;

/** What is wrong with an object, as a condition's message. */
public final class Sentences {
  private Sentences() {}

  /** Each with its place as it stands in YAML, such as {@code spec.filter}. */
  public static String of(List<Finding> findings) {
    return findings.stream()
        .map(finding ->
            finding.pointer().substring(1).replace('/', '.')
                + ": "
                + finding.message()
                + ". "
                + finding.remedy())
        .collect(Collectors.joining(" "));
  }
}
