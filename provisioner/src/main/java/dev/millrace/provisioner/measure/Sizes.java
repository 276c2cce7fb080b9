package dev.millrace.provisioner.measure;

import dev.millrace.api.ask.Measurement.BatchSizes;
import java.util.Arrays;

/** How large the last batches were. */
final class Sizes {
  private static final int KEPT = 128;

  private final int[] events = new int[KEPT];
  private final int[] changes = new int[KEPT];
  private long count;

  void add(long eventsOfOne, long changesOfOne) {
    int place = (int) (count++ % KEPT);
    events[place] = Math.toIntExact(Math.min(Integer.MAX_VALUE, eventsOfOne));
    changes[place] = Math.toIntExact(Math.min(Integer.MAX_VALUE, changesOfOne));
  }

  BatchSizes events() {
    return of(events);
  }

  BatchSizes changes() {
    return of(changes);
  }

  private BatchSizes of(int[] sizes) {
    if (count == 0) {
      return new BatchSizes(0, 0, 0);
    }
    int[] sorted = Arrays.copyOf(sizes, (int) Math.min(count, KEPT));
    Arrays.sort(sorted);
    return new BatchSizes(
        sizes[(int) ((count - 1) % KEPT)],
        sorted[(sorted.length - 1) / 2],
        sorted[sorted.length - 1]);
  }
}
