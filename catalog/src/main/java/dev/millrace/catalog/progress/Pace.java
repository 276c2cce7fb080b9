package dev.millrace.catalog.progress;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** How fast a counter grew over the last seconds. Not safe to share. */
final class Pace {
  private static final Duration WINDOW = Duration.ofSeconds(5);

  /** Over a shorter time than this a rate says nothing. */
  private static final double SHORTEST = 0.5;

  private record Sample(Instant at, long value) {}

  private final Deque<Sample> samples = new ArrayDeque<>();

  /** A value that went back (the store was rewound) begins anew. */
  void add(Instant at, long value) {
    if (!samples.isEmpty() && value < samples.peekLast().value()) {
      samples.clear();
    }
    forget(at.minus(WINDOW));
    samples.addLast(new Sample(at, value));
  }

  /** In units a second; 0 when nothing came in lately. */
  double perSecond(Instant now) {
    Instant edge = now.minus(WINDOW);
    forget(edge);
    if (samples.size() < 2) {
      return 0;
    }
    Sample first = samples.peekFirst();
    Instant from = first.at().isBefore(edge) ? edge : first.at();
    double seconds = Duration.between(from, now).toNanos() / 1e9;
    return (samples.peekLast().value() - first.value()) / Math.max(SHORTEST, seconds);
  }

  /** The newest sample at or before the edge stays: growth within the window begins at it. */
  private void forget(Instant edge) {
    while (samples.size() > 1) {
      Sample first = samples.removeFirst();
      if (samples.peekFirst().at().isAfter(edge)) {
        samples.addFirst(first);
        return;
      }
    }
  }
}
