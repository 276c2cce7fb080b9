package dev.millrace.catalog.progress;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.api.status.SubscriptionStatus.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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
    Collection<PartitionReport> mine = of(plan);
    long wanted = 0;
    long done = 0;
    for (Map.Entry<Integer, Long> cutover : plan.cutover().entrySet()) {
      long start = plan.start().getOrDefault(cutover.getKey(), 0L);
      PartitionReport report = reports.get(cutover.getKey());
      wanted += Math.max(0, cutover.getValue() - start);
      if (report != null && mine.contains(report)) {
        done += Math.clamp(report.position() - start, 0, Math.max(0, cutover.getValue() - start));
      }
    }
    double pace = position.perSecond(now);
    return new Progress(
        percent(done, wanted),
        eta(wanted - done, pace),
        rounded(read.perSecond(now)),
        mine.stream().mapToLong(Meter::lag).sum(),
        rounded(lagSeconds(mine, now)),
        mine.stream().map(PartitionReport::counts).reduce(Counts.NONE, Counts::plus));
  }

  private static double percent(long done, long wanted) {
    // Rounded down: 100 is said only when nothing is left.
    return wanted == 0 ? 100 : Math.floor(1000.0 * done / wanted) / 10;
  }

  private static @Nullable Long eta(long left, double pace) {
    return left == 0 || pace <= 0 ? null : (long) Math.ceil(left / pace);
  }

  private static long lag(PartitionReport report) {
    return Math.max(0, report.endOffset() - report.position());
  }

  /** Measured from the last event that was applied: the next one cannot be older. */
  private static double lagSeconds(Collection<PartitionReport> reports, Instant now) {
    return reports.stream()
        .filter(report -> lag(report) > 0 && report.lastEventTime() != null)
        .map(PartitionReport::lastEventTime)
        .min(Comparator.naturalOrder())
        .map(oldest -> Math.max(0, Duration.between(oldest, now).toMillis() / 1e3))
        .orElse(0.0);
  }

  private static double rounded(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
