package dev.millrace.bench.contestant;

import java.util.List;

/** By nearest rank. */
final class Percentile {
  private Percentile() {}

  /** Of nanoseconds, in milliseconds; not a number when there are none. */
  static double millis(List<Long> nanos, int percent) {
    if (nanos.isEmpty()) {
      return Double.NaN;
    }
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
    return sorted[Math.max(0, rank - 1)] / 1e6;
  }
}
