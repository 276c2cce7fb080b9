package dev.millrace.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final long SEED = 1;
  private static final long EVENTS = 500;

  @Test
  void whatTheQueryGivesIsRight() {
    for (Query query : List.of(Query.Q0, Query.Q22, Query.SHAPED)) {
      assertThat(wrong(query, rows(query))).isEmpty();
    }
  }

  @Test
  void aRowThatIsMissingIsFound() {
    List<List<String>> rows = rows(Query.Q0);
    rows.remove(77);

    assertThat(wrong(Query.Q0, rows)).containsExactly("499 rows, not 500");
  }

  @Test
  void aRowThatIsThereTwiceIsFoundAlsoWhereAnotherIsMissing() {
    List<List<String>> rows = rows(Query.Q0);
    rows.set(77, rows.get(78));

    assertThat(wrong(Query.Q0, rows)).containsExactly("row 78 is there twice");
  }

  @Test
  void aValueThatDiffersIsFoundInEveryColumn() {
    for (int i = 1; i < Query.Q0.columns().size(); i++) {
      List<List<String>> rows = rows(Query.Q0);
      List<String> row = new ArrayList<>(rows.get(3));
      row.set(i, row.get(i) + "0");
      rows.set(3, row);

      assertThat(wrong(Query.Q0, rows))
          .containsExactly("row 3, " + Query.Q0.columns().get(i).name() + ": " + row.get(i));
    }
  }

  @Test
  void aRowThatShouldNotHavePassedIsFound() {
    Bid refused = Bid.of(SEED, 0);
    assertThat(Query.Q2.passes().test(refused)).isFalse();
    List<List<String>> rows = rows(Query.Q2);
    rows.add(row(Query.Q2, refused));

    assertThat(wrong(Query.Q2, rows)).contains("row 0 does not pass the filter");
  }

  @Test
  void aMaskThatIsNoneOrJoinsTwoValuesIsFound() {
    List<List<String>> plain = new ArrayList<>();
    List<List<String>> joined = new ArrayList<>();
    for (List<String> row : rows(Query.SHAPED)) {
      List<String> unmasked = new ArrayList<>(row);
      unmasked.set(4, row.get(4).substring("masked ".length()));
      plain.add(unmasked);
      List<String> one = new ArrayList<>(row);
      one.set(4, "the one mask");
      joined.add(one);
    }

    assertThat(wrong(Query.SHAPED, plain)).contains("500 values or rows differ");
    assertThat(wrong(Query.SHAPED, joined)).containsExactly("two values have one mask: channel");
  }

  @Test
  void whereKeysComeAgainTheLastEventOfEachCounts() {
    Keys keys = new Keys(100);
    List<List<String>> last = rowsOfKeys(keys, EVENTS);
    List<List<String>> stale = rowsOfKeys(keys, EVENTS);
    stale.set(3, rowsOfKeys(keys, EVENTS - 100).get(3));

    assertThat(wrong(keys, last)).isEmpty();
    assertThat(wrong(keys, stale))
        .isNotEmpty()
        .allMatch(each -> each.startsWith("row 3, ") || each.contains("differ"));
  }

  @Test
  void aRowOfAKeyThatThereIsNotIsFound() {
    List<List<String>> rows = new ArrayList<>(rowsOfKeys(new Keys(100), EVENTS));
    List<String> other = new ArrayList<>(rows.get(0));
    other.set(0, "100");
    rows.set(0, other);

    assertThat(wrong(new Keys(100), rows)).containsExactly("there is a row 100, and no such event");
  }

  private static List<String> wrong(Keys keys, List<List<String>> rows) {
    Comparison comparison = new Comparison(Query.Q0, SEED, keys, EVENTS - keys.count(), EVENTS);
    rows.forEach(comparison::row);
    return comparison.wrong(keys.count());
  }

  /** Of the last events before a number. */
  private static List<List<String>> rowsOfKeys(Keys keys, long end) {
    List<List<String>> rows = new ArrayList<>();
    for (long i = end - keys.count(); i < end; i++) {
      rows.add(row(Query.Q0, Bid.of(SEED, i).as(keys.of(i))));
    }
    return rows;
  }

  private static List<String> wrong(Query query, List<List<String>> rows) {
    Comparison comparison = new Comparison(query, SEED, 0, EVENTS);
    rows.forEach(comparison::row);
    return comparison.wrong(query.passing(SEED, 0, EVENTS));
  }

  private static List<List<String>> rows(Query query) {
    List<List<String>> rows = new ArrayList<>();
    for (long i = 0; i < EVENTS; i++) {
      Bid bid = Bid.of(SEED, i);
      if (query.passes().test(bid)) {
        rows.add(row(query, bid));
      }
    }
    return rows;
  }

  private static List<String> row(Query query, Bid bid) {
    List<String> row = new ArrayList<>();
    for (Column column : query.columns()) {
      String value = column.value().apply(bid);
      row.add(column.kind() == Column.Kind.MASK ? "masked " + value : value);
    }
    return row;
  }
}
