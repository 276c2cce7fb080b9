package dev.millrace.provisioner.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.needs.transform.StoreKey;
import org.junit.jupiter.api.Test;

class PresentKeysTest {
  private static final long ENOUGH = 1 << 20;

  private final PresentKeys present = new PresentKeys(ENOUGH);

  @Test
  void whatWasAddedIsThereAndNothingElse() {
    add(present, 0, 10_000);

    assertThat(known(0, 10_000)).isEqualTo(10_000);
    assertThat(known(10_000, 20_000)).isZero();
  }

  @Test
  void asManyAreKnownAsItSays() {
    add(present, 0, (int) present.most());
    assertThat(known(1_000_000, 1_000_100)).isZero();

    add(present, (int) present.most(), 2 * (int) present.most());

    assertThat(known(1_000_000, 1_000_100)).as("too many: any may be there").isEqualTo(100);
  }

  @Test
  void withoutMemoryAnyKeyMayBeThereAndThereIsNothingToAsk() {
    PresentKeys nothing = new PresentKeys(0);

    assertThat(nothing.most()).isZero();
    assertThat(nothing.mayHold(key(1))).isTrue();
    assertThat(nothing.ask()).isFalse();
  }

  @Test
  void itIsWornWhenHalfAsManyHaveGoneAsAreKnown() {
    add(present, 0, 10_000);
    goes(present, 4_999);
    assertThat(present.isWorn(0)).isFalse();

    goes(present, 1);

    assertThat(present.isWorn(0)).isTrue();
    assertThat(present.isWorn(5_001)).as("asking costs more").isFalse();
  }

  @Test
  void aFewThatGoAreNoReason() {
    add(present, 0, 10);
    goes(present, 255);
    assertThat(present.isWorn(0)).isFalse();

    goes(present, 1);

    assertThat(present.isWorn(0)).isTrue();
  }

  @Test
  void untilTheStoreHasAnsweredAnyKeyMayBeThere() {
    add(present, 0, 100);
    present.ask();

    assertThat(known(0, 200)).isEqualTo(200);
    assertThat(present.ask()).as("that answer would lack what came since").isFalse();
  }

  @Test
  void behindTheAnswerThatIsKnownAndWhatCameMeanwhile() {
    add(present, 0, 100);
    present.ask();
    add(present, 500, 600);
    PresentKeys answer = new PresentKeys(ENOUGH);
    add(answer, 50, 100);

    present.answered(answer);

    assertThat(known(0, 50)).as("have gone").isZero();
    assertThat(known(50, 100)).isEqualTo(50);
    assertThat(known(500, 600)).isEqualTo(100);
    assertThat(known(600, 1_000)).isZero();
  }

  @Test
  void oneThatKnewTooMuchKnowsAgain() {
    add(present, 0, 2 * (int) present.most());
    assertThat(known(1_000_000, 1_000_001)).isEqualTo(1);
    goes(present, 256);
    assertThat(present.isWorn(0)).isTrue();

    present.ask();
    present.answered(new PresentKeys(ENOUGH));

    assertThat(known(0, 100)).isZero();
  }

  @Test
  void whereTooMuchComesMeanwhileItIsAskedAgainLater() {
    present.ask();
    add(present, 0, 2 * (int) present.most());
    present.answered(new PresentKeys(ENOUGH));
    assertThat(known(1_000_000, 1_000_001)).isEqualTo(1);

    goes(present, 256);

    assertThat(present.isWorn(0)).isTrue();
  }

  @Test
  void aStoreThatDoesNotSayIsNotAskedAgain() {
    present.ask();
    PresentKeys answer = new PresentKeys(ENOUGH);
    answer.giveUp();
    present.answered(answer);

    assertThat(present.mayHold(key(1))).isTrue();
    assertThat(present.ask()).isFalse();
    assertThat(present.most()).isZero();
  }

  private int known(int from, int to) {
    int known = 0;
    for (int i = from; i < to; i++) {
      known += present.mayHold(key(i)) ? 1 : 0;
    }
    return known;
  }

  private static void add(PresentKeys to, int from, int end) {
    for (int i = from; i < end; i++) {
      to.add(key(i));
    }
  }

  private static void goes(PresentKeys from, int times) {
    for (int i = 0; i < times; i++) {
      from.goes();
    }
  }

  private static StoreKey key(int number) {
    return new StoreKey("k" + number);
  }
}
