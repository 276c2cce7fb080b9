package dev.millrace.operator.pool;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Decides how many workers a pool has: more at once, fewer when so few were enough for a while, for
 * each change has partitions handed over.
 */
final class Scaling {
  private final Pool.Settings settings;

  /** Since the beginning, or since a little longer than that while. */
  private final Deque<Wanted> wanted = new ArrayDeque<>();

  private record Wanted(Instant at, int replicas) {}

  Scaling(Pool.Settings settings) {
    this.settings = settings;
  }

  /**
   * @param now how many there are; none at all is somebody's wish
   * @param at later than the call before
   */
  int replicas(Load load, int now, Instant at) {
    int wants = wants(load);
    wanted.addLast(new Wanted(at, wants));
    Instant since = at.minus(settings.calm());
    while (wanted.size() > 1 && isPast(wanted, since)) {
      wanted.removeFirst();
    }
    if (now == 0 || wants == now) {
      return now;
    }
    if (wants > now) {
      return wants;
    }
    boolean isLongEnough = !wanted.getFirst().at().isAfter(since);
    int enough = wanted.stream().mapToInt(Wanted::replicas).max().orElse(now);
    return isLongEnough ? Math.min(now, enough) : now;
  }

  /** The second is of before that while, too. */
  private static boolean isPast(Deque<Wanted> wanted, Instant since) {
    return wanted.stream()
        .skip(1)
        .findFirst()
        .filter(next -> !next.at().isAfter(since))
        .isPresent();
  }

  private int wants(Load load) {
    long byLag = Math.ceilDiv(load.lagEvents(), settings.lagPerWorker());
    long useful = Math.min(byLag, load.partitions());
    return Math.clamp(useful, settings.min(), settings.max());
  }
}
