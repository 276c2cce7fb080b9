package dev.millrace.provisioner.shell;

import java.time.Duration;
import java.util.Collection;
import java.util.OptionalLong;

/**
 * How long a fetch may wait at the broker for something to come. A consumer sends a broker one at a
 * time: while one waits for partitions that are at their end, nothing is fetched of others, and a
 * partition that has much to read gets a fetch's worth for each such wait. So a consumer whose
 * partitions are unlike does not wait, and one at rest does, for nothing is cheaper. That is
 * settled when a consumer is made: the other kind takes over, and when all are at their end, not at
 * once.
 */
final class Haste {
  private static final Duration AT_REST = Duration.ofMillis(500);
  private static final Duration IN_HASTE = Duration.ofMillis(5);

  /** More events than a fetch brings of a partition, about. */
  static final long FAR = 10_000;

  static final Duration CALM = Duration.ofSeconds(10);

  private boolean hurried = true;
  private long farAt = System.nanoTime();

  /** Of the consumer that is made now. */
  Duration fetchWait() {
    return hurried ? IN_HASTE : AT_REST;
  }

  /**
   * @param lags of the consumer's partitions, in events; empty where it is not known yet
   * @param now of {@link System#nanoTime}
   * @return whether another consumer is to take over
   */
  boolean turns(Collection<OptionalLong> lags, long now) {
    boolean far = lags.stream().anyMatch(lag -> lag.isPresent() && lag.getAsLong() > FAR);
    boolean near = lags.stream().anyMatch(lag -> lag.isPresent() && lag.getAsLong() <= FAR);
    farAt = far ? now : farAt;
    boolean before = hurried;
    hurried = hurried ? now - farAt < CALM.toNanos() : far && near;
    return hurried != before;
  }
}
