package dev.millrace.chaos.round;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.chaos.load.Event;
import dev.millrace.chaos.load.Fold;
import dev.millrace.chaos.load.Log;
import dev.millrace.chaos.load.Row;
import dev.millrace.chaos.store.PostgresServer.Tally;
import dev.millrace.chaos.store.Snapshot;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What was seen is judged by the definition that its cursors name. */
class ObservationsTest {
  private static final int EVENTS = 1_000;
  private static final int PARTITIONS = 2;
  private static final Variant FIRST = Variant.first(12_500, false);

  private final Log log = log();
  private final Definitions definitions =
      new Definitions(log, new long[PARTITIONS], FIRST, new Schema());
  private final Findings findings = new Findings();
  private final Observations table = new Observations(Need.TABLE, definitions, false, findings);

  @Test
  void eachLookIsJudgedByItsOwnDefinition() {
    definitions.become(FIRST.withLeast(5_000));

    table.see(look(1, 500, rowsOf(1, 500)));
    table.see(look(2, 500, rowsOf(2, 500)));

    assertThat(findings.none()).isTrue();
    assertThat(rowsOf(1, 500)).isNotEqualTo(rowsOf(2, 500));
  }

  @Test
  void rowsOfAnotherDefinitionThanTheCursorsAreFound() {
    definitions.become(FIRST.withLeast(5_000));

    table.see(look(1, 500, rowsOf(2, 500)));
    table.see(look(2, 500, rowsOf(1, 500)));

    assertThat(findings.outOfOrder()).isEqualTo(2);
  }

  @Test
  void aMixtureOfDefinitionsIsFound() {
    definitions.become(FIRST.withToken("again"));

    table.see(new Snapshot(new Snapshot.Cursor[] {cursor(1, 500), cursor(2, 500)}, rowsOf(2, 500)));

    assertThat(findings.outOfOrder()).isEqualTo(1);
    assertThat(findings.sentences()).first().asString().contains("mixture");
  }

  @Test
  void goingBackIsFoundAcrossDefinitionsToo() {
    definitions.become(FIRST.withToken("again"));

    table.see(look(1, 500, rowsOf(1, 500)));
    table.see(look(2, 499, rowsOf(2, 499)));
    table.see(look(1, 500, rowsOf(1, 500)));

    assertThat(findings.outOfOrder()).isEqualTo(2);
  }

  @Test
  void aStoreThatWasSetBackMayShowWhatWasBefore() {
    Observations setBack = new Observations(Need.TABLE, definitions, true, findings);

    setBack.see(look(1, 500, rowsOf(1, 500)));
    setBack.see(look(1, 400, rowsOf(1, 400)));

    assertThat(findings.none()).isTrue();
  }

  @Test
  void aDefinitionThatNobodyAskedForIsFound() {
    table.see(look(7, 500, rowsOf(1, 500)));

    assertThat(findings.none()).isFalse();
  }

  @Test
  void theNextShapeMayBeSeenWithTheCursorsOfAMomentBeforeInPostgresAlone() {
    definitions.become(FIRST.reshaped());
    Observations hashes = new Observations(Need.HASHES, definitions, false, findings);

    table.see(look(1, 500, rowsOf(2, 500)));
    assertThat(table.ahead()).isEqualTo(1);
    assertThat(findings.none()).isTrue();

    table.see(look(1, 500, rowsOf(2, 501 + 50)));
    hashes.see(look(1, 500, rowsOf(2, 500)));
    assertThat(findings.outOfOrder()).isEqualTo(2);
  }

  @Test
  void aTableOfAllEventsIsJudgedByWhatItComesTo() {
    Observations journal = new Observations(Need.JOURNAL, definitions, false, findings);
    Snapshot.Cursor[] cursors = look(1, 500, rowsOf(1, 500)).cursors();
    long[][] tally = definitions.fold().tally(new long[] {500, 500});

    journal.see(new Tally(cursors, tally));
    assertThat(findings.none()).isTrue();

    tally[1][2]++;
    journal.see(new Tally(cursors, tally));
    assertThat(findings.outOfOrder()).isEqualTo(1);
  }

  @Test
  void whatIsTakenBackInTimeMakesRoomForTheNext() {
    definitions.become(FIRST.reshaped());
    definitions.takeBack();

    assertThat(definitions.variant()).isEqualTo(FIRST);
    assertThat(definitions.isBack(1)).isTrue();
    assertThat(definitions.isBack(2)).isFalse();
    assertThat(definitions.isBack(3)).isTrue();

    definitions.become(FIRST.withLeast(1));
    assertThat(definitions.present()).isEqualTo(2);
    assertThat(definitions.fold(3)).isEmpty();
  }

  private TreeMap<String, Row> rowsOf(long definition, long next) {
    Fold fold = definitions.fold(definition).orElseThrow();
    return new TreeMap<>(fold.at(new long[] {next, next}));
  }

  private static Snapshot look(long definition, long next, TreeMap<String, Row> rows) {
    return new Snapshot(
        new Snapshot.Cursor[] {cursor(definition, next), cursor(definition, next)}, rows);
  }

  private static Snapshot.Cursor cursor(long definition, long next) {
    return new Snapshot.Cursor(definition, next, next, next, 0, 0, 0);
  }

  private static Log log() {
    Log log = new Log("t", 7, PARTITIONS);
    for (long i = 0; i < PARTITIONS * EVENTS; i++) {
      log.partition((int) (i % PARTITIONS)).add(Event.of(7, i));
    }
    return log;
  }
}
