package dev.millrace.standalone.demo;

import dev.millrace.api.status.Condition;
import dev.millrace.api.status.Counts;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.api.status.SubscriptionStatus;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** What a subscription's status says, as the demo needs it. */
record Progress(Subscription subscription, SubscriptionStatus status) {
  private static final SubscriptionStatus NONE =
      new SubscriptionStatus(null, null, null, null, null, null, null, null, null);

  static Progress unknown(Subscription subscription) {
    return new Progress(subscription, NONE);
  }

  boolean isReady() {
    return condition(Condition.Types.READY).map(Condition::isTrue).orElse(false);
  }

  /** Every partition stands where the log ends: nothing that was published is missing. */
  boolean hasReached(long[] ends) {
    long[] positions = new long[ends.length];
    for (PartitionReport report : partitions()) {
      if (report.partition() < positions.length) {
        positions[report.partition()] = report.position();
      }
    }
    for (int partition = 0; partition < ends.length; partition++) {
      if (positions[partition] < ends[partition]) {
        return false;
      }
    }
    return true;
  }

  /** The sentence of whatever is in the way and will not pass by itself. */
  Optional<String> failure() {
    if (!"Failed".equals(status.phase()) && !"Stopped".equals(status.phase())) {
      return Optional.empty();
    }
    return Optional.of(
        subscription.key() + " is " + status.phase() + reason().map(r -> ": " + r).orElse(""));
  }

  /** Name, phase, what was read and applied, lag and rate, within 80 columns. */
  String line() {
    SubscriptionStatus.Progress progress = status.progress();
    Counts counts = progress == null ? Counts.NONE : progress.counts();
    return String.format(
        Locale.ROOT,
        "  %-18s %-10s %6s %,9d %,9d %,9d %,8.0f/s",
        subscription.key(),
        Objects.requireNonNullElse(status.phase(), "Pending"),
        progress == null ? "" : String.format(Locale.ROOT, "%.0f %%", progress.percent()),
        counts.read(),
        counts.applied(),
        progress == null ? 0 : progress.lagEvents(),
        progress == null ? 0.0 : progress.eventsPerSecond());
  }

  static String header() {
    return String.format(
        "  %-18s %-10s %6s %9s %9s %9s %10s",
        "SUBSCRIPTION", "PHASE", "LOADED", "READ", "APPLIED", "LAG", "RATE");
  }

  private Optional<String> reason() {
    return condition(Condition.Types.READY).map(c -> c.reason() + ": " + c.message());
  }

  private Optional<Condition> condition(String type) {
    List<Condition> conditions = Objects.requireNonNullElse(status.conditions(), List.of());
    return conditions.stream().filter(c -> c.type().equals(type)).findFirst();
  }

  private List<PartitionReport> partitions() {
    return Objects.requireNonNullElse(status.partitions(), List.of());
  }
}
