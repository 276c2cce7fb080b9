package dev.millrace.provisioner.report;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** When a partition is reported again. */
final class Pace {
  private static final Duration MOVING = Duration.ofMillis(500);
  private static final Duration IDLE = Duration.ofSeconds(4);

  private Pace() {}

  /**
   * @param sent what was said last; null when nothing was
   * @param since how long ago
   */
  static boolean isDue(@Nullable Spoken sent, Spoken now, Duration since) {
    if (sent == null || turned(sent.standing(), now.standing())) {
      return true;
    }
    return since.compareTo(sent.equals(now) ? IDLE : MOVING) >= 0;
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
