package dev.millrace.provisioner.core;

import java.time.Duration;

/**
 * When to make sure that a store keeps what was written. A flush waits for the disk, so it is rare
 * while history pours in, and comes at once where somebody waits: at the cutover. A pipeline at
 * rest flushes now and then too: only so does it notice that its store was replaced, perhaps by one
 * that stands further back.
 */
final class FlushPace {
  private static final Duration LIVE = Duration.ofSeconds(2);
  private static final Duration OTHERWISE = Duration.ofSeconds(10);

  private FlushPace() {}

  /**
   * @param unflushed something was written since the last flush
   * @param crossed a partition has passed its cutover since then
   * @param live every partition has passed its cutover
   */
  static boolean isDue(boolean unflushed, boolean crossed, boolean live, Duration sinceLast) {
    boolean soon = unflushed && live;
    return (unflushed && crossed) || sinceLast.compareTo(soon ? LIVE : OTHERWISE) >= 0;
  }
}
