package dev.millrace.provisioner.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EaseTest {
  private final Ease ease = new Ease();

  @Test
  void whatWasNeverTakenInIsNotTakenToBeEasy() {
    assertThat(ease.isShort(1)).isFalse();
  }

  @Test
  void fewThatTakeMicrosecondsAreShortAndManyAreNot() {
    ease.took(2_000, 2);

    assertThat(ease.isShort(1)).isTrue();
    assertThat(ease.isShort(20)).isTrue();
    assertThat(ease.isShort(21)).isFalse();
  }

  @Test
  void oneThatTakesLongIsRememberedForAWhile() {
    ease.took(1_000, 1);
    ease.took(100_000, 1);
    ease.took(1_000, 1);
    assertThat(ease.isShort(1)).isFalse();

    for (int i = 0; i < 20; i++) {
      ease.took(1_000, 1);
    }

    assertThat(ease.isShort(1)).isTrue();
  }

  @Test
  void aHistoryIsNeverShort() {
    ease.took(1_000, 1_000);

    assertThat(ease.isShort(65)).isFalse();
  }
}
