package dev.millrace.provisioner.source;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/**
 * When a log had not yet grown beyond an offset, as far as it was looked at. Of long ago it knows
 * only some moments, and then says an earlier one.
 */
final class Growth {
  private static final int MOST_MOMENTS = 256;

  /** Moments that are nearer to each other than this part of their age are thinned out. */
  private static final int FINENESS = 16;

  /** Where the log ended, and when it was seen to end there last. */
  private final TreeMap<Long, Instant> ends = new TreeMap<>();

  /**
   * @param at before it was looked
   */
  synchronized void ended(long end, Instant at) {
    // A log that was cut back grows over the same offsets a second time.
    ends.tailMap(end, false).clear();
    ends.put(end, at);
    if (ends.size() > MOST_MOMENTS) {
      thin();
    }
  }

  private void thin() {
    Instant now = ends.lastEntry().getValue();
    Instant kept = now;
    for (Long end : List.copyOf(ends.headMap(ends.lastKey(), false).descendingKeySet())) {
      Instant at = ends.get(end);
      Duration apart = Duration.between(at, kept);
      if (apart.multipliedBy(FINENESS).compareTo(Duration.between(at, now)) < 0) {
        ends.remove(end);
      } else {
        kept = at;
      }
    }
  }

  /** What stands at this offset was not there at this time; the epoch when nothing is known. */
  synchronized Instant notBefore(long offset) {
    var last = ends.floorEntry(offset);
    return last == null ? Instant.EPOCH : last.getValue();
  }
}
