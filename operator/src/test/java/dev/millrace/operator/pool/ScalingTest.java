package dev.millrace.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ScalingTest {
  private static final Instant BEGIN = Instant.parse("2026-11-28T00:00:00Z");

  private final Scaling scaling =
      new Scaling(
          new Pool.Settings(
              "millrace-workers",
              "millrace-workers",
              2,
              10,
              1_000,
              Duration.ofMinutes(5),
              Duration.ofSeconds(15)));

  private int at(int minute, long lag, int partitions, int now) {
    return scaling.replicas(new Load(lag, partitions), now, BEGIN.plus(Duration.ofMinutes(minute)));
  }

  @Test
  void thereAreMoreAtOnce() {
    assertThat(at(0, 0, 0, 2)).isEqualTo(2);
    assertThat(at(1, 2_001, 64, 2)).isEqualTo(3);
    assertThat(at(2, 9_999, 64, 3)).isEqualTo(10);
  }

  @Test
  void neverMoreThanMayBeNorThanHaveSomethingToDo() {
    assertThat(at(0, Long.MAX_VALUE / 2, 64, 2)).isEqualTo(10);
    assertThat(at(1, 1_000_000, 4, 2)).isEqualTo(4);
    assertThat(at(2, 1_000_000, 1, 2)).as("at least so many").isEqualTo(2);
  }

  @Test
  void thereAreFewerWhenFewerWereEnoughForAWhile() {
    assertThat(at(0, 8_000, 64, 8)).isEqualTo(8);
    assertThat(at(1, 0, 0, 8)).isEqualTo(8);
    assertThat(at(3, 4_000, 64, 8)).isEqualTo(8);
    assertThat(at(5, 0, 0, 8)).as("eight were wanted five minutes ago").isEqualTo(8);
    assertThat(at(7, 0, 0, 8)).as("four were wanted since").isEqualTo(4);
    assertThat(at(9, 0, 0, 4)).as("and until five minutes").isEqualTo(4);
    assertThat(at(10, 0, 0, 4)).isEqualTo(2);
  }

  /** One that has just begun does not know what was wanted before. */
  @Test
  void whoHasJustBegunTakesNobodyAway() {
    assertThat(at(0, 0, 0, 8)).isEqualTo(8);
    assertThat(at(4, 0, 0, 8)).isEqualTo(8);
    assertThat(at(5, 0, 0, 8)).isEqualTo(2);
  }

  @Test
  void whatSomebodyScaledIsBroughtBackAndNoneStaysNone() {
    assertThat(at(0, 0, 0, 1)).as("fewer than there have to be").isEqualTo(2);
    assertThat(at(1, 5_000, 64, 0)).as("switched off").isZero();
    assertThat(at(6, 0, 0, 30)).isEqualTo(5);
  }
}
