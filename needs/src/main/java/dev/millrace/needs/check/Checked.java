package dev.millrace.needs.check;

import dev.millrace.api.problem.Finding;
import java.util.List;
import java.util.Optional;

/**
 * @param need present exactly when there is no finding
 */
public record Checked(List<Finding> findings, Optional<Need> need) {
  public Checked {
    findings = List.copyOf(findings);
    if (findings.isEmpty() != need.isPresent()) {
      throw new IllegalArgumentException("a need is there exactly when nothing was found");
    }
  }
}
