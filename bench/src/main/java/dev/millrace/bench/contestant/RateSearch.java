package dev.millrace.bench.contestant;

/**
 * The highest rate that holds. Rates rise step by step until one fails; then the middle between the
 * last two is tried. Each has one try.
 */
final class RateSearch {
  private static final int HIGHEST = 400_000;
  private static final double STEP = 1.5;

  /**
   * Four minutes of them, as they are now: three JVMs that share two processors are done with
   * compiling in one.
   */
  static final int MOST_WARM_UPS = 10;

  private RateSearch() {}

  /** Whether all is well at so many events a second. */
  interface Trial {
    boolean holds(int rate) throws Exception;
  }

  /** From the lowest on; 0 when not even that holds. */
  static int highest(int lowest, Trial trial) throws Exception {
    awaitRest(lowest, trial);
    int good = 0;
    int rate = lowest;
    while (rate <= HIGHEST && trial.holds(rate)) {
      good = rate;
      rate = (int) (rate * STEP);
    }
    int middle = (good + rate) / 2;
    return good > 0 && trial.holds(middle) ? middle : good;
  }

  /**
   * What is compiled late must not decide: returns when the lowest rate holds, or did not for long.
   */
  private static void awaitRest(int lowest, Trial trial) throws Exception {
    int tried = 0;
    while (!trial.holds(lowest) && ++tried < MOST_WARM_UPS) {}
  }
}
