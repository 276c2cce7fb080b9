package dev.millrace.provisioner.core;

import java.time.Duration;
import java.util.Optional;

/** How long to wait before trying again. Not safe for use by several threads. */
final class Retry {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(5);
  private static final int MOST_DOUBLINGS = 10;

  private int failures;

  /**
   * @param chance from 0 to 1: workers that failed together must not come back together
   * @return empty when only another plan can help
   */
  Optional<Duration> after(Trouble trouble, double chance) {
    return switch (trouble.again()) {
      case SOON -> Optional.of(next(chance));
      case LATER -> Optional.of(LONGEST);
      case WHEN_CHANGED -> Optional.empty();
    };
  }

  /** Something was achieved, so the next failure is a first one. */
  void succeeded() {
    failures = 0;
  }

  private Duration next(double chance) {
    Duration full = FIRST.multipliedBy(1L << Math.min(failures++, MOST_DOUBLINGS));
    Duration capped = full.compareTo(LONGEST) > 0 ? LONGEST : full;
    return Duration.ofMillis((long) (capped.toMillis() * (0.5 + chance / 2)));
  }
}
