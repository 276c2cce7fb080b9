package dev.millrace.bench.contestant;

/**
 * The highest rate that holds. Rates rise step by step until one fails; then the middle between the
 * last two is tried. A rate fails when it does so twice, one after the other: what stalls once in a
 * while must not decide what holds.
 */
final class RateSearch {
  private static final int HIGHEST = 400_000;
  private static final double STEP = 1.5;

  /** At the lowest rate, until compilers have come to rest. */
  private static final int WARM_UPS = 4;

  private RateSearch() {}

  /** Whether all is well at so many events a second. */
  interface Trial {
    boolean holds(int rate) throws Exception;
  }

  /** From the lowest on; 0 when not even that holds. */
  static int highest(int lowest, Trial trial) throws Exception {
    for (int i = 0; i < WARM_UPS; i++) {
      trial.holds(lowest);
    }
    int good = 0;
    int rate = lowest;
    while (rate <= HIGHEST && holds(trial, rate)) {
      good = rate;
      rate = (int) (rate * STEP);
    }
    int middle = (good + rate) / 2;
    return good > 0 && holds(trial, middle) ? middle : good;
  }

  private static boolean holds(Trial trial, int rate) throws Exception {
    return trial.holds(rate) || trial.holds(rate);
  }
}
