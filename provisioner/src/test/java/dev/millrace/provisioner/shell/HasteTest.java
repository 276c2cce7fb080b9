package dev.millrace.provisioner.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class HasteTest {
  private final Haste haste = new Haste();
  private long now = System.nanoTime();

  @Test
  void aNewConsumerHurriesUntilNothingWasFarBehindForAWhile() {
    assertThat(waitsLong()).isFalse();
    assertThat(after(Duration.ofMinutes(5), Haste.FAR + 1, 0)).isFalse();
    assertThat(after(Haste.CALM.dividedBy(2), 0, 0)).isFalse();
    assertThat(after(Haste.CALM.dividedBy(2), 0, 0)).isTrue();
    assertThat(waitsLong()).isTrue();
  }

  @Test
  void oneAtRestHurriesWhenSomeAreFarBehindAndOthersAreNot() {
    atRest();
    assertThat(after(Duration.ofSeconds(1), Haste.FAR, 0)).isFalse();
    assertThat(after(Duration.ofSeconds(1), Haste.FAR + 1, Haste.FAR + 1)).isFalse();
    assertThat(after(Duration.ofSeconds(1), Haste.FAR + 1, 3)).isTrue();
    assertThat(waitsLong()).isFalse();
  }

  @Test
  void whatIsNotKnownYetIsNoReason() {
    atRest();
    List<OptionalLong> lags = List.of(OptionalLong.empty(), OptionalLong.of(Haste.FAR + 1));
    assertThat(haste.turns(lags, now)).isFalse();
    assertThat(haste.turns(List.of(), now)).isFalse();
  }

  private void atRest() {
    assertThat(after(Haste.CALM.multipliedBy(2), 0)).isTrue();
  }

  private boolean waitsLong() {
    return haste.fetchWait().toMillis() > 100;
  }

  private boolean after(Duration time, long... lags) {
    now += time.toNanos();
    return haste.turns(Arrays.stream(lags).mapToObj(OptionalLong::of).toList(), now);
  }
}
