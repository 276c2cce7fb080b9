package dev.millrace.needs.reconcile;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.api.status.SubscriptionStatus.Rebuild;
import java.util.Comparator;
import java.util.Optional;

/** What to tell of a rebuild. */
final class RebuildReport {
  private RebuildReport() {}

  static Rebuild of(Shadow shadow) {
    Optional<PartitionReport> trouble =
        shadow.reports().values().stream()
            .filter(report -> report.reason() != null)
            .min(Comparator.comparingInt(PartitionReport::partition));
    if (shadow.fault().isPresent()) {
      return blocked(shadow, shadow.fault().get().code(), shadow.fault().get().sentence());
    }
    if (shadow.verdict() == Shadow.Verdict.WRONG) {
      return blocked(
          shadow,
          "RebuildDiffers",
          "What was built is not what the stream says, so it does not take the old one's place."
              + " This is a fault of Millrace: report it with the worker's log; ask for another"
              + " rebuild with another token.");
    }
    // One that is being swapped in may have lost its cursors to the live one a moment ago.
    if (trouble.isPresent() && shadow.plan().holdAt() == null) {
      return blocked(
          shadow,
          String.valueOf(trouble.get().reason()),
          "Partition "
              + trouble.get().partition()
              + " at offset "
              + trouble.get().position()
              + ": "
              + trouble.get().message());
    }
    return new Rebuild(phase(shadow), shadow.plan().definition(), percent(shadow), null, null);
  }

  private static Rebuild blocked(Shadow shadow, String reason, String message) {
    return new Rebuild("Blocked", shadow.plan().definition(), percent(shadow), reason, message);
  }

  private static String phase(Shadow shadow) {
    if (shadow.plan().holdAt() != null) {
      return "Swapping";
    }
    return switch (shadow.verdict()) {
      case BEING_COMPARED -> "Comparing";
      case RIGHT -> "Swapping";
      default -> "Loading";
    };
  }

  private static int percent(Shadow shadow) {
    PipelinePlan plan = shadow.plan();
    long all = 0;
    long done = 0;
    for (var cut : plan.cutover().entrySet()) {
      long start = plan.start().getOrDefault(cut.getKey(), 0L);
      PartitionReport report = shadow.reports().get(cut.getKey());
      long position =
          report == null || report.definition() != plan.definition() ? start : report.position();
      all += cut.getValue() - start;
      done += Math.min(cut.getValue(), Math.max(start, position)) - start;
    }
    return all == 0 ? 100 : (int) (100 * done / all);
  }
}
