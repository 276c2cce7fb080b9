package dev.millrace.provisioner.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class GrowthTest {
  private static final Instant BEGUN = Instant.parse("2026-11-26T10:00:00Z");

  private final Growth growth = new Growth();

  @Test
  void whatStandsAtAnOffsetCameAfterTheLogWasSeenToEndThereLast() {
    growth.ended(10, at(0));
    growth.ended(10, at(5));
    growth.ended(20, at(6));

    assertThat(growth.notBefore(9)).as("it was there when it was looked first").isEqualTo(at(-1));
    assertThat(growth.notBefore(10)).isEqualTo(at(5));
    assertThat(growth.notBefore(19)).isEqualTo(at(5));
    assertThat(growth.notBefore(25)).isEqualTo(at(6));
  }

  @Test
  void ofALogThatWasCutBackWhatStoodThereBeforeCountsNoMore() {
    growth.ended(10, at(0));
    growth.ended(20, at(1));
    growth.ended(15, at(2));

    assertThat(growth.notBefore(20)).isEqualTo(at(2));
    assertThat(growth.notBefore(12)).isEqualTo(at(0));
  }

  @Test
  void itForgetsMomentsAndNeverSaysALaterOne() {
    for (int second = 0; second < 10_000; second++) {
      growth.ended(second * 10, at(second));
    }

    assertThat(growth.notBefore(99_990)).isEqualTo(at(9_999));
    for (int second = 0; second < 10_000; second++) {
      assertThat(growth.notBefore(second * 10)).isBeforeOrEqualTo(at(second));
    }
    assertThat(growth.notBefore(50_000))
        .as("of long ago it still knows something")
        .isAfter(at(2_500));
  }

  /** Before the beginning: nothing is known. */
  private static Instant at(int second) {
    return second < 0 ? Instant.EPOCH : BEGUN.plusSeconds(second);
  }
}
