package dev.millrace.needs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RebuildsTest {
  private static final Map<Integer, Long> HOLD = Map.of(0, 10L, 1, 10L);

  @Test
  void aPlaceThatOnePipelineHasPassedMovesToWhereThatIs() {
    Map<Integer, Long> live = Map.of(0, 12L, 1, 9L);
    Map<Integer, Long> shadow = Map.of(0, 11L, 1, 8L);

    assertThat(Rebuilds.further(HOLD, live, shadow)).isEqualTo(Map.of(0, 12L, 1, 10L));
  }

  @Test
  void aPlaceThatNonePassedStays() {
    assertThat(Rebuilds.further(HOLD, Map.of(0, 10L, 1, 3L), Map.of())).isEqualTo(HOLD);
  }
}
