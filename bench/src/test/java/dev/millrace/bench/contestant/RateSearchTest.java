package dev.millrace.bench.contestant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RateSearchTest {

  @Test
  void itIsBetweenTheLastThatHoldsAndTheFirstThatDoesNot() throws Exception {
    List<Integer> tried = new ArrayList<>();

    int best =
        RateSearch.highest(
            2_000,
            rate -> {
              tried.add(rate);
              return rate <= 8_000;
            });

    // Warm now; 6,750 holds, 10,125 does not, and neither does the middle.
    assertThat(best).isEqualTo(6_750);
    assertThat(tried)
        .containsExactly(
            2_000, 2_000, 2_000, 2_000, 2_000, 3_000, 4_500, 6_750, 10_125, 10_125, 8_437, 8_437);
    assertThat(RateSearch.highest(2_000, rate -> rate <= 9_000)).isEqualTo(8_437);
    assertThat(RateSearch.highest(2_000, rate -> false)).isZero();
  }

  @Test
  void whatStallsOnceDoesNotDecide() throws Exception {
    Set<Integer> stalled = new HashSet<>();

    int best = RateSearch.highest(2_000, rate -> rate <= 8_000 && !stalled.add(rate));

    assertThat(best).isEqualTo(6_750);
  }
}
