package dev.millrace.provisioner.report;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When a partition is reported again. Those that many partitions have to share say less often how
 * far they are: at most two hundred a second are taken in elsewhere for little.
 */
final class Pace {
  private static final Duration MOVING = Duration.ofMillis(500);
  private static final Duration MOVING_FOR_EACH = Duration.ofMillis(5);
  private static final Duration MOVING_AT_MOST = Duration.ofSeconds(5);

  /** Nothing is new: should a report have been lost, or one of another come after it. */
  private static final Duration IDLE = Duration.ofSeconds(4);

  private static final Duration IDLE_FOR_EACH = Duration.ofMillis(50);
  private static final Duration IDLE_AT_MOST = Duration.ofSeconds(30);

  private Pace() {}

  /**
   * @param sent what was said last; null when nothing was
   * @param since how long ago
   * @param all how many partitions are reported
   */
  static boolean isDue(@Nullable Spoken sent, Spoken now, Duration since, int all) {
    if (sent == null || turned(sent.standing(), now.standing())) {
      return true;
    }
    Duration pause =
        sent.equals(now)
            ? within(IDLE, IDLE_FOR_EACH.multipliedBy(all), IDLE_AT_MOST)
            : moving(all);
    return since.compareTo(pause) >= 0;
  }

  /** Between two reports of one that moves. */
  static Duration moving(int all) {
    return within(MOVING, MOVING_FOR_EACH.multipliedBy(all), MOVING_AT_MOST);
  }

  private static Duration within(Duration least, Duration wanted, Duration most) {
    Duration enough = wanted.compareTo(least) < 0 ? least : wanted;
    return enough.compareTo(most) > 0 ? most : enough;
  }

  /** What somebody waits for: another phase, another reason, history made safe. */
  private static boolean turned(Standing sent, Standing now) {
    return sent.phase() != now.phase()
        || !Objects.equals(sent.reason(), now.reason())
        || !Objects.equals(sent.message(), now.message());
  }

  /** What a report says. */
  record Spoken(Standing standing, long definition, long end) {}
}
