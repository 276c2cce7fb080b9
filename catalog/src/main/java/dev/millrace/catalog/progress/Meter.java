package dev.millrace.catalog.progress;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.api.status.SubscriptionStatus.Progress;
import dev.millrace.needs.reconcile.Headway;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The reports on one pipeline, and the progress they add up to. */
final class Meter {
  private final Map<Integer, PartitionReport> reports = new TreeMap<>();
  private final Pace read = new Pace();
  private final Pace position = new Pace();

  /**
   * @param now when it came in; a backlog of old reports makes no pace
   */
  synchronized void take(PartitionReport report, Instant now) {
    reports.put(report.partition(), report);
    read.add(now, reports.values().stream().mapToLong(r -> r.counts().read()).sum());
    position.add(now, reports.values().stream().mapToLong(PartitionReport::position).sum());
  }

  synchronized void drop(int partition) {
    reports.remove(partition);
  }

  synchronized boolean isEmpty() {
    return reports.isEmpty();
  }

  /** Those that speak of this plan, by partition. */
  synchronized List<PartitionReport> of(PipelinePlan plan) {
    return reports.values().stream().filter(r -> r.definition() == plan.definition()).toList();
  }

  synchronized Progress progress(PipelinePlan plan, Instant now) {
    return Headway.of(plan, reports.values(), read.perSecond(now), position.perSecond(now), now);
  }
}
