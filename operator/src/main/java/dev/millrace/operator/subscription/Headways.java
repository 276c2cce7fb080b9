package dev.millrace.operator.subscription;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.api.status.SubscriptionStatus.Progress;
import dev.millrace.needs.reconcile.Headway;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** How far subscriptions are, and when that was shown last: live numbers are not for an etcd. */
final class Headways {
  private static final Duration BETWEEN = Duration.ofSeconds(30);

  private final Function<ObjectKey, Map<Integer, PartitionReport>> reports;
  private final Clock clock;
  private final Map<ObjectKey, Shown> shown = new ConcurrentHashMap<>();

  /** What had been read, and where it stood, by then. */
  private record Shown(Instant at, long read, long position) {}

  /**
   * @param reports of workers, by partition
   */
  Headways(Function<ObjectKey, Map<Integer, PartitionReport>> reports, Clock clock) {
    this.reports = reports;
    this.clock = clock;
  }

  /** Empty when no worker has said anything of it. */
  Optional<Progress> now(PipelinePlan plan) {
    Collection<PartitionReport> mine = reports.apply(plan.subscription()).values();
    if (mine.stream().noneMatch(report -> report.definition() == plan.definition())) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    Shown before = shown.get(plan.subscription());
    double seconds = before == null ? 0 : Duration.between(before.at(), now).toMillis() / 1e3;
    return Optional.of(
        Headway.of(
            plan,
            mine,
            seconds < 1 ? 0 : Math.max(0, (read(mine) - before.read()) / seconds),
            seconds < 1 ? 0 : Math.max(0, (position(mine) - before.position()) / seconds),
            now));
  }

  /** How long to wait with the next; empty when none was shown a moment ago. */
  Optional<Duration> rest(ObjectKey subscription) {
    return Optional.ofNullable(shown.get(subscription))
        .map(before -> Duration.between(clock.instant(), before.at().plus(BETWEEN)))
        .filter(rest -> !rest.isNegative() && !rest.isZero());
  }

  void shown(ObjectKey subscription) {
    Collection<PartitionReport> mine = reports.apply(subscription).values();
    shown.put(subscription, new Shown(clock.instant(), read(mine), position(mine)));
  }

  void forget(ObjectKey subscription) {
    shown.remove(subscription);
  }

  private static long read(Collection<PartitionReport> reports) {
    return reports.stream().mapToLong(report -> report.counts().read()).sum();
  }

  private static long position(Collection<PartitionReport> reports) {
    return reports.stream().mapToLong(PartitionReport::position).sum();
  }
}
