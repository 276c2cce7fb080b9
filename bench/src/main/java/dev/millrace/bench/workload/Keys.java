package dev.millrace.bench.workload;

/**
 * Which key an event has: each a key of its own, or so many keys in turns, so that they come again
 * and again and a store never grows.
 *
 * @param count how many there are
 */
public record Keys(long count) {
  /** Each event has one that no other has: its number. */
  public static final Keys OWN = new Keys(Long.MAX_VALUE);

  public Keys {
    if (count < 1) {
      throw new IllegalArgumentException(count + " keys: there must be one at least");
    }
  }

  public long of(long number) {
    return number % count;
  }

  /** The number of the last event of a key before a number; negative when there is none. */
  public long last(long key, long end) {
    return end - 1 - Math.floorMod(end - 1 - key, count);
  }
}
