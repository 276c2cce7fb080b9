package dev.millrace.operator.subscription;

import dev.millrace.api.problem.Finding;
import dev.millrace.needs.check.Need;
import java.util.List;
import java.util.Optional;

/**
 * What a subscription's spec comes to, beside everything else there is now.
 *
 * @param need when nothing was found
 */
record Judgement(List<Finding> findings, Optional<Need> need) {
  Judgement {
    findings = List.copyOf(findings);
  }

  static Judgement wrong(Finding finding) {
    return new Judgement(List.of(finding), Optional.empty());
  }
}
