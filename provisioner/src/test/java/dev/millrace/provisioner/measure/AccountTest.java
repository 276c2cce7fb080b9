package dev.millrace.provisioner.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.api.ask.Measurement;
import dev.millrace.api.ask.Measurement.BatchSizes;
import dev.millrace.api.ask.Measurement.SharedReading;
import dev.millrace.api.ask.Measurement.TimeShares;
import dev.millrace.provisioner.core.Awaited;
import dev.millrace.stores.Effort;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Time is told in milliseconds here. */
class AccountTest {
  private static final Offset<Double> EXACT = within(1e-9);

  private boolean more;
  private final Account account = new Account(positions -> more, 0);

  private static long at(long millis) {
    return millis * 1_000_000;
  }

  private Measurement measured(long millis) {
    return account.measured("w", List.of(new SharedReading(0, 0, false)), new Effort(), at(millis));
  }

  private void fill(long from, long to) {
    account.fills(at(from));
    account.filled(at(to - from), 0, Map.of(0, 7L), at(to));
  }

  @Test
  void aStoreThatIsWaitedForMostLimits() {
    fill(0, 180);
    account.writes(at(180));
    account.awaits(Awaited.STORE, at(180));
    account.wrote(at(820), 0, 10_000, 10_000, at(1000));

    Measurement measured = measured(1000);

    assertThat(measured.time().store()).isCloseTo(0.82, EXACT);
    assertThat(measured.time().filtering()).isCloseTo(0.18, EXACT);
    assertThat(measured.writing()).isCloseTo(0.82, EXACT);
    assertThat(measured.seconds()).isCloseTo(1, EXACT);
    assertThat(measured.limitedBy()).isEqualTo("Store");
    assertThat(measured.sentence())
        .isEqualTo("Limited by the store: 82 % of the time the worker waits for it.");
  }

  @Test
  void ofAWriteThatIsWaitedForEncodingHasItsPart() {
    account.writes(at(0));
    account.awaits(Awaited.STORE, at(0));
    account.wrote(at(1000), at(750), 1, 1, at(1000));

    Measurement measured = measured(1000);

    assertThat(measured.time().encoding()).isCloseTo(0.75, EXACT);
    assertThat(measured.time().store()).isCloseTo(0.25, EXACT);
    assertThat(measured.limitedBy()).isEqualTo("Encoding");
  }

  @Test
  void whatIsPreparedWhileFillingIsEncoding() {
    account.fills(at(0));
    account.filled(at(800), at(600), Map.of(), at(1000));

    Measurement measured = measured(1000);

    assertThat(measured.time().filtering()).isCloseTo(0.2, EXACT);
    assertThat(measured.time().encoding()).isCloseTo(0.6, EXACT);
    assertThat(measured.time().turn()).isCloseTo(0.2, EXACT);
    assertThat(measured.limitedBy()).isEqualTo("Encoding");
  }

  @Test
  void aWriteBesideFillingCostsNothing() {
    account.writes(at(0));
    fill(0, 1000);
    account.wrote(at(1000), 0, 1, 1, at(1000));

    Measurement measured = measured(1000);

    assertThat(measured.time().filtering()).isCloseTo(1, EXACT);
    assertThat(measured.time().store()).isZero();
    assertThat(measured.writing()).isCloseTo(1, EXACT);
    assertThat(measured.limitedBy()).isEqualTo("Filtering");
  }

  @Test
  void waitingForEventsIsReadingWhileTheLogHoldsMoreAndRestOtherwise() {
    more = true;
    account.awaits(Awaited.EVENTS, at(0));
    fill(900, 1000);
    assertThat(measured(1000).limitedBy()).isEqualTo("Reading");

    more = false;
    account.awaits(Awaited.EVENTS, at(1000));
    Measurement later = measured(4000);

    assertThat(later.time().reading()).isCloseTo(0.225, EXACT);
    assertThat(later.time().idle()).isCloseTo(0.75, EXACT);
    assertThat(later.limitedBy()).isEqualTo("Nothing");
    assertThat(later.sentence())
        .isEqualTo("Nothing limits it: it keeps up, and waits for new events 75 % of the time.");
  }

  @Test
  void whatAnOrderWaitsForAProcessorIsItsTurn() {
    account.fills(at(0));
    account.filled(at(100), 0, Map.of(), at(1000));

    Measurement measured = measured(1000);

    assertThat(measured.time().turn()).isCloseTo(0.9, EXACT);
    assertThat(measured.time().filtering()).isCloseTo(0.1, EXACT);
    assertThat(measured.limitedBy()).isEqualTo("Turn");
  }

  @Test
  void sharesAddUpWhateverHappens() {
    more = true;
    account.awaits(Awaited.EVENTS, at(0));
    fill(10, 25);
    account.writes(at(25));
    account.awaits(Awaited.TURN, at(25));
    account.fills(at(40));
    account.wrote(at(10), at(4), 5, 5, at(41));
    account.filled(at(3), at(1), Map.of(), at(50));
    account.writes(at(50));
    account.awaits(Awaited.STORE, at(50));
    account.writeFailed(at(61));

    TimeShares time = measured(70).time();

    assertThat(
            time.reading()
                + time.filtering()
                + time.encoding()
                + time.store()
                + time.turn()
                + time.idle())
        .isCloseTo(1, EXACT);
  }

  @Test
  void onlyTheLastSecondsCount() {
    account.awaits(Awaited.STORE, at(0));
    account.awaits(Awaited.EVENTS, at(60_000));

    assertThat(measured(64_000).time().store()).isPositive();
    Measurement later = measured(70_500);

    assertThat(later.time().idle()).isCloseTo(1, EXACT);
    assertThat(later.seconds()).isCloseTo(5.5, EXACT);
    assertThat(later.batches()).isZero();
  }

  @Test
  void aWriteThatHangsLimitsThoughNothingComes() {
    account.writes(at(0));
    account.awaits(Awaited.EVENTS, at(0));

    Measurement measured = measured(12_000);

    assertThat(measured.time().idle()).isCloseTo(1, EXACT);
    assertThat(measured.limitedBy()).isEqualTo("Store");
    assertThat(measured.sentence())
        .isEqualTo("Limited by the store: it has not answered a write for 12 s.");
  }

  @Test
  void batchesAreToldByTheLastTheMedianAndTheLargest() {
    long now = 0;
    for (int size : new int[] {5, 900, 7, 3, 6}) {
      account.writes(at(now));
      account.wrote(at(1), 0, size, size / 2, at(++now));
    }

    assertThat(measured(now).eventsInBatch()).isEqualTo(new BatchSizes(6, 6, 900));
    assertThat(measured(now).changesInBatch()).isEqualTo(new BatchSizes(3, 3, 450));
    assertThat(measured(now).events()).isEqualTo(921);
    assertThat(measured(now).batches()).isEqualTo(5);
  }

  @Test
  void oldBatchesAreForgotten() {
    account.wrote(at(1), 0, 1_000_000, 0, at(1));
    for (int i = 0; i < 128; i++) {
      account.wrote(at(1), 0, 2, 0, at(2 + i));
    }

    assertThat(measured(200).eventsInBatch()).isEqualTo(new BatchSizes(2, 2, 2));
  }

  @Test
  void whoHasJustBegunHasNothingToTell() {
    Measurement measured = measured(0);

    assertThat(measured.time()).isEqualTo(new TimeShares(0, 0, 0, 0, 0, 0));
    assertThat(measured.eventsInBatch()).isEqualTo(new BatchSizes(0, 0, 0));
  }
}
