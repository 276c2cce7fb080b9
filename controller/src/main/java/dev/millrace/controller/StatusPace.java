package dev.millrace.controller;

import dev.millrace.api.status.PartitionReport;
import java.time.Duration;
import java.util.Objects;

/**
 * When a subscription is looked at for what was reported of it. What is reported of a thousand that
 * move would have a controller do nothing else.
 */
final class StatusPace {
  private static final Duration MOVING_FOR_EACH = Duration.ofMillis(2);
  private static final Duration LEAST_WORTH_WAITING = Duration.ofMillis(50);
  private static final Duration MOST = Duration.ofSeconds(2);

  private StatusPace() {}

  /** All but how far it is. */
  static boolean turned(PartitionReport before, PartitionReport now) {
    return before.definition() != now.definition()
        || !before.phase().equals(now.phase())
        || !Objects.equals(before.reason(), now.reason())
        || !Objects.equals(before.message(), now.message());
  }

  /**
   * How long a look may wait.
   *
   * @param turned something else is new than how far it is
   * @param all how many subscriptions are reported
   * @return zero for at once
   */
  static Duration wait(boolean turned, int all) {
    Duration wait = MOVING_FOR_EACH.multipliedBy(all);
    if (turned || wait.compareTo(LEAST_WORTH_WAITING) < 0) {
      return Duration.ZERO;
    }
    return wait.compareTo(MOST) < 0 ? wait : MOST;
  }
}
