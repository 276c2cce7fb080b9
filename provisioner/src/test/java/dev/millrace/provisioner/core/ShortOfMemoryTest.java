package dev.millrace.provisioner.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Three pipelines on one partition, of which one at a time may compute, and little memory. */
class ShortOfMemoryTest {
  private static final int LITTLE = 2_000;

  @Test
  void whatSomeWaitToTakeInStaysForThem() {
    OnePartition of =
        new OnePartition(new Limits(LITTLE, 1 << 20, 1 << 20, 0, 3, 1), "a", "b", "c");
    of.arrives();
    assertThat(of.filling.values()).as("one computes, two wait").containsExactly(0L);
    of.arrives();
    of.arrives();

    long most = 0;
    for (int i = 0; i < 9; i++) {
      most = Math.max(most, of.fills(0, false));
    }

    assertThat(most).as("all have come to the last").isEqualTo(2);
    assertThat(of.seeks).as("nothing was read again").hasSize(1);
  }
}
