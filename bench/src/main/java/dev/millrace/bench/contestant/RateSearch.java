package dev.millrace.bench.contestant;

/**
 * The highest rate that holds. Rates rise step by step until one fails; then the middle between the
 * last two is tried.
 */
final class RateSearch {
  private static final int LOWEST = 2_000;
  private static final int HIGHEST = 400_000;
  private static final double STEP = 1.5;

  private RateSearch() {}

  /** Whether all is well at so many events a second. */
  interface Trial {
    boolean holds(int rate) throws Exception;
  }

  /** 0 when not even the lowest holds. */
  static int highest(Trial trial) throws Exception {
    // What is compiled late must not decide.
    trial.holds(LOWEST);
    int good = 0;
    int rate = LOWEST;
    while (rate <= HIGHEST && trial.holds(rate)) {
      good = rate;
      rate = (int) (rate * STEP);
    }
    int middle = (good + rate) / 2;
    return good > 0 && trial.holds(middle) ? middle : good;
  }
}
