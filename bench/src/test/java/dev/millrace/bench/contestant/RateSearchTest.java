package dev.millrace.bench.contestant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RateSearchTest {

  @Test
  void findsTheHighestStepOrTheMiddleAboveIt() throws Exception {
    assertThat(RateSearch.highest(1_000, rate -> rate <= 2_249)).isEqualTo(1_875);
    assertThat(RateSearch.highest(1_000, rate -> rate <= 3_000)).isEqualTo(2_812);
  }

  @Test
  void whatFailsOnceDoesNotDecide() throws Exception {
    Set<Integer> stalled = new HashSet<>();
    assertThat(RateSearch.highest(1_000, rate -> rate <= 2_249 && !stalled.add(rate)))
        .isEqualTo(1_875);
  }

  @Test
  void nothingHoldsIsZero() throws Exception {
    assertThat(RateSearch.highest(1_000, rate -> false)).isZero();
  }
}
