package dev.millrace.chaos.round;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.chaos.load.Event;
import dev.millrace.chaos.load.Load.Place;
import dev.millrace.chaos.load.Row;
import dev.millrace.chaos.store.PostgresServer.Appended;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the rounds' verdicts rest on: that nothing wrong passes. */
class DifferencesTest {
  private static final Row OLD = new Row(1, BigDecimal.TEN, "DE");
  private static final Row NEW = new Row(2, BigDecimal.TEN, "DE");
  private static final Place PLACE = new Place(0, 7);
  private static final Event EVENT = new Event(2, "a", Event.Effect.PUT, NEW);
  private static final Appended ADDED = new Appended("a", NEW);

  private final Findings findings = new Findings();
  private final Differences differences = new Differences(findings);

  @Test
  void equalRowsAreNoFinding() {
    differences.rows(Need.TABLE, rows("a", NEW), rows("a", NEW));
    differences.appended(Map.of(PLACE, EVENT), Map.of(PLACE, List.of(ADDED)));

    assertThat(findings.none()).isTrue();
  }

  @Test
  void aRowThatIsMissingOrOldIsLost() {
    differences.rows(Need.TABLE, rows("a", NEW), rows("b", NEW));
    differences.rows(Need.TABLE, rows("a", NEW), rows("a", OLD));
    differences.appended(Map.of(PLACE, EVENT), Map.of());

    // The first of them has a row too many as well: a deletion was lost.
    assertThat(findings.lost()).isEqualTo(4);
  }

  @Test
  void aValueOfAnotherEventIsOutOfOrder() {
    differences.rows(Need.TABLE, rows("a", OLD), rows("a", NEW));
    differences.rows(Need.TABLE, rows("a", OLD), rows("a", new Row(1, BigDecimal.ONE, "DE")));
    differences.appended(Map.of(PLACE, EVENT), Map.of(PLACE, List.of(new Appended("a", OLD))));

    assertThat(findings.outOfOrder()).isEqualTo(3);
  }

  @Test
  void twoRowsOfOneEventOrOneOfNoneAreDuplicates() {
    differences.appended(Map.of(PLACE, EVENT), Map.of(PLACE, List.of(ADDED, ADDED)));
    differences.appended(Map.of(), Map.of(PLACE, List.of(ADDED)));

    assertThat(findings.duplicated()).isEqualTo(2);
  }

  @Test
  void aDeletionIsARowWithItsKeyAlone() {
    Event deletion = new Event(2, "a", Event.Effect.DELETE, NEW);

    differences.appended(Map.of(PLACE, deletion), Map.of(PLACE, List.of(new Appended("a", null))));
    assertThat(findings.none()).isTrue();

    differences.appended(Map.of(PLACE, deletion), Map.of(PLACE, List.of(ADDED)));
    assertThat(findings.outOfOrder()).isEqualTo(1);
  }

  private static SortedMap<String, Row> rows(String key, Row row) {
    return new TreeMap<>(Map.of(key, row));
  }
}
