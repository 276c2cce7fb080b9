package dev.millrace.provisioner.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** One pipeline that loads and then is live, and its events one after the other. */
class LittleWaitsTest {
  private static final long CUTOVER = OnePartition.CUTOVER;

  private final OnePartition of =
      new OnePartition(new Limits(1 << 20, 1 << 20, 1 << 20, 0, 1, 1), "s");
  private int writes;

  private void load() {
    while (of.position < CUTOVER) {
      event(0);
    }
    writes = 0;
  }

  @Test
  void fewRowsOfAHistoryWaitUntilItIsIn() {
    event(300);
    assertThat(of.wrote()).as("nothing was written before").isEqualTo(1);
    event(300);
    event(300);
    event(300);
    assertThat(of.wrote()).isEqualTo(1);

    event(0);

    assertThat(of.wrote()).isEqualTo(CUTOVER);
    assertThat(writes).isEqualTo(2);
  }

  @Test
  void theyDoNotWaitForLong() {
    event(300);
    event(300);

    pass(900);
    assertThat(of.wrote()).isEqualTo(1);
    pass(200);

    assertThat(of.wrote()).isEqualTo(2);
  }

  @Test
  void manyRowsOfAHistoryAreWrittenAtOnce() {
    event(300);

    event(100_000);

    assertThat(of.wrote()).isEqualTo(2);
  }

  @Test
  void eventsThatLeaveNothingMoveTheCursorFiveTimesASecond() {
    load();

    for (int i = 0; i < 1_000; i++) {
      event(0);
      pass(1);
    }

    assertThat(writes).isBetween(4, 6);
  }

  @Test
  void theLastOfThemIsWrittenThoughNothingComesBehindIt() {
    load();
    event(0);
    event(0);
    assertThat(of.wrote()).isLessThan(of.position);

    for (int i = 0; i < 5; i++) {
      pass(50);
    }

    assertThat(of.wrote()).isEqualTo(of.position);
  }

  @Test
  void oneThatLeavesARowIsWrittenAtOnce() {
    load();
    event(0);
    event(300);

    assertThat(of.wrote()).isEqualTo(of.position);
  }

  @Test
  void afterARestOneThatLeavesNothingIsToo() {
    load();
    pass(250);

    event(0);

    assertThat(of.wrote()).isEqualTo(of.position);
  }

  private void pass(long millis) {
    of.pass(millis);
    settle();
  }

  /**
   * @param bytes that it adds to the batch
   */
  private void event(long bytes) {
    of.arrives();
    of.fills(bytes, true);
    settle();
  }

  private void settle() {
    while (!of.writing.isEmpty() || !of.flushing.isEmpty()) {
      if (of.writing.isEmpty()) {
        of.flushes();
      } else {
        of.writes();
        writes++;
      }
    }
  }
}
