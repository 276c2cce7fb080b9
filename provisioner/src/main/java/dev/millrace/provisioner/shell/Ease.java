package dev.millrace.provisioner.shell;

/**
 * What a subscription's events take to be taken in, by those before. Of fifty subscriptions an
 * event concerns one, and the others are done with it in a microsecond or two: to have another
 * thread do that takes ten times as long. For one thread at a time.
 */
final class Ease {
  private static final int FEW = 64;
  private static final long SHORT_NANOS = 20_000;

  /** It costs less and less to be told once that something takes long. */
  private static final int REMEMBERS = 8;

  /** One that has taken in nothing is not known to be easy. */
  private long nanosOfARecord = Long.MAX_VALUE / FEW;

  /** Whether so many records take so little that whoever asks had better do it himself. */
  boolean isShort(int records) {
    return records <= FEW && records * nanosOfARecord <= SHORT_NANOS;
  }

  void took(long nanos, int records) {
    long now = nanos / Math.max(1, records);
    nanosOfARecord =
        nanosOfARecord > SHORT_NANOS * REMEMBERS
            ? now
            : Math.max(now, nanosOfARecord - nanosOfARecord / REMEMBERS);
  }
}
