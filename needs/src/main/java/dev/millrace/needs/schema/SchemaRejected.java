package dev.millrace.needs.schema;

import dev.millrace.api.problem.Finding;
import java.util.List;

/** A JSON Schema from which no event can be typed. */
public final class SchemaRejected extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Finding> findings;

  SchemaRejected(List<Finding> findings) {
    super(findings.get(0).message());
    this.findings = List.copyOf(findings);
  }

  public List<Finding> findings() {
    return findings;
  }
}
