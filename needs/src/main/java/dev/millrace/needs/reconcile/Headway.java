package dev.millrace.needs.reconcile;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.api.status.SubscriptionStatus.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far a pipeline is, from what its workers said last. */
public final class Headway {
  private Headway() {}

  /**
   * @param reports the last of each partition; those on another definition do not count
   * @param read events a second
   * @param position offsets a second
   */
  public static Progress of(
      PipelinePlan plan,
      Collection<PartitionReport> reports,
      double read,
      double position,
      Instant now) {
    Collection<PartitionReport> mine =
        reports.stream().filter(report -> report.definition() == plan.definition()).toList();
    long wanted = 0;
    long done = 0;
    for (Map.Entry<Integer, Long> cutover : plan.cutover().entrySet()) {
      long start = plan.start().getOrDefault(cutover.getKey(), 0L);
      long history = Math.max(0, cutover.getValue() - start);
      wanted += history;
      Optional<PartitionReport> report =
          mine.stream().filter(each -> each.partition() == cutover.getKey()).findFirst();
      done += report.map(each -> Math.clamp(each.position() - start, 0, history)).orElse(0L);
    }
    return new Progress(
        percent(done, wanted),
        eta(wanted - done, position),
        rounded(read),
        mine.stream().mapToLong(Headway::lag).sum(),
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
