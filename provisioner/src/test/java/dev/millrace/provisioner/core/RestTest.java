package dev.millrace.provisioner.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When nobody waits for time to pass. */
class RestTest {
  private final OnePartition of =
      new OnePartition(new Limits(1 << 20, 1 << 20, 1 << 20, 0, 1, 1), "s");

  @Test
  void whoeverHasNothingToDoRests() {
    assertThat(of.core.isResting()).isTrue();
  }

  @Test
  void fromAnEventUntilItIsSafeNobodyRests() {
    of.arrives();
    assertThat(of.core.isResting()).as("it is taken in").isFalse();
    of.fills(300, true);
    assertThat(of.core.isResting()).as("it is written").isFalse();
    of.writes();
    assertThat(of.core.isResting()).as("it is not flushed").isFalse();
    of.pass(10_000);
    assertThat(of.core.isResting()).as("it is flushed").isFalse();

    of.flushes();

    assertThat(of.core.isResting()).isTrue();
  }

  @Test
  void littleThatWaitsIsNoRest() {
    of.pass(9_990);
    of.arrives();
    of.fills(300, true);
    of.writes();
    of.pass(20);
    of.flushes();
    assertThat(of.core.isResting()).isTrue();

    of.arrives();
    of.fills(300, true);

    assertThat(of.writing).as("so soon after the one before").isEmpty();
    assertThat(of.core.isResting()).isFalse();
  }

  @Test
  void aLookAtAStoreComesInItsTurn() {
    of.pass(9_000);
    assertThat(of.flushing).isEmpty();

    of.pass(2_000);

    assertThat(of.flushing).hasSize(1);
  }
}
