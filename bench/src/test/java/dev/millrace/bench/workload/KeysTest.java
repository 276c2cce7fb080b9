package dev.millrace.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeysTest {
  @Test
  void theLastEventOfAKeyIsTheOneThatWasPublishedLast() {
    Keys keys = new Keys(7);
    Map<Long, Long> last = new HashMap<>();
    for (long number = 0; number < 40; number++) {
      last.put(keys.of(number), number);
      for (long key = 0; key < 7; key++) {
        long before = last.getOrDefault(key, -1L);
        long told = keys.last(key, number + 1);
        assertThat(before < 0 ? told < 0 : told == before).as("%d of %d", key, number).isTrue();
      }
    }
  }

  @Test
  void whereEachEventHasAKeyOfItsOwnItIsTheOnlyOne() {
    assertThat(Keys.OWN.of(12_345)).isEqualTo(12_345);
    assertThat(Keys.OWN.last(12_345, 20_000)).isEqualTo(12_345);
    assertThat(Keys.OWN.last(20_000, 20_000)).isNegative();
  }
}
