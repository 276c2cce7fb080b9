package dev.millrace.needs.reconcile;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.PartitionReport;
import java.util.Map;
import java.util.Optional;

/**
 * The pipeline that builds a subscription's content anew, as a controller sees it; see {@link
 * dev.millrace.needs.plan.Rebuilds}.
 *
 * @param plan as workers have it
 * @param reports of its partitions, as far as workers sent any
 * @param verdict what comparing it with the stream has come to
 * @param patience whether both may be made to stand still for the swap, and how long they have
 * @param fault what stands in the way
 */
public record Shadow(
    PipelinePlan plan,
    Map<Integer, PartitionReport> reports,
    Verdict verdict,
    Patience patience,
    Optional<Fault> fault) {

  public Shadow {
    reports = Map.copyOf(reports);
  }

  /** What is known of whether its content is right. */
  public enum Verdict {
    UNKNOWN,
    BEING_COMPARED,
    /** Or as right as can be said: what it was read from may have left the stream since. */
    RIGHT,
    WRONG
  }

  /** A pipeline that is held serves nobody, so it is held for a short time, and seldom. */
  public enum Patience {
    /** Nothing is known against it. */
    THERE,
    /** They did not come to stand at the same cursors in time. */
    AT_ITS_END,
    /** That was so a moment ago. */
    COMING_BACK
  }
}
