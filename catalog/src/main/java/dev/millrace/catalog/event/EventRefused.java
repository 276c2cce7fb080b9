package dev.millrace.catalog.event;

import dev.millrace.api.problem.Finding;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An event that may not pass, with everything that is wrong with it and never its values. */
final class EventRefused extends Exception {
  private static final long serialVersionUID = 1L;

  private final @Nullable String id;
  private final transient List<Finding> findings;

  /**
   * @param id the event's own, when it could be read
   * @param findings pointers lead into the event in its structured form, such as {@code
   *     /data/total}
   */
  EventRefused(@Nullable String id, List<Finding> findings) {
    super(findings.get(0).message(), null, false, false);
    this.id = id;
    this.findings = List.copyOf(findings);
  }

  EventRefused(@Nullable String id, Finding finding) {
    this(id, List.of(finding));
  }

  Optional<String> id() {
    return Optional.ofNullable(id);
  }

  List<Finding> findings() {
    return findings;
  }
}
