package dev.millrace.api.correction;

import java.util.Comparator;

/** Where an event stands in its topic. */
public record EventPlace(int partition, long offset) implements Comparable<EventPlace> {
  private static final Comparator<EventPlace> IN_ORDER =
      Comparator.comparingInt(EventPlace::partition).thenComparingLong(EventPlace::offset);

  @Override
  public int compareTo(EventPlace other) {
    return IN_ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return partition + "/" + offset;
  }
}
