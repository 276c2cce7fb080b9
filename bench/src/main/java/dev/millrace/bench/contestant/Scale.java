package dev.millrace.bench.contestant;

/**
 * How much of everything.
 *
 * @param events of history
 * @param manyEvents of the long history
 * @param warmUpSeconds of live load that do not count, at each rate
 * @param liveSeconds of live load that do
 * @param some subscriptions, and
 * @param many of them
 * @param idle subscriptions that get nothing
 * @param idleSeconds for which they are watched
 */
public record Scale(
    long events,
    long manyEvents,
    int warmUpSeconds,
    int liveSeconds,
    int some,
    int many,
    int idle,
    int idleSeconds) {

  public static final Scale FULL = new Scale(1_000_000, 10_000_000, 5, 20, 50, 1_000, 100, 30);

  /** To see that all works. */
  public static final Scale SMOKE = new Scale(100_000, 100_000, 1, 2, 10, 50, 10, 2);
}
