package dev.millrace.bench.row;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.bench.result.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StandingTest {
  private static final Row ROW =
      Rows.all().stream().filter(row -> row.name().equals("q0-postgres")).findFirst().orElseThrow();

  @Test
  void onlyRunsOfOneRoundAreCompared() {
    List<Result> results = new ArrayList<>();
    // A machine that is half as fast in the second round.
    results.addAll(round("c", 0, 4, 2));
    results.addAll(round("c", 1, 8, 4));
    results.addAll(round("c", 2, 4, 4));

    Standing standing = Standing.of(ROW, results).orElseThrow();

    assertThat(standing.rounds()).isEqualTo(3);
    assertThat(standing.median()).isEqualTo(2);
    assertThat(standing.lowest()).isEqualTo(1);
    assertThat(standing.highest()).isEqualTo(2);
    assertThat(standing.isMet()).isTrue();
  }

  @Test
  void aRunWhoseContentWasWrongDoesNotCount() {
    List<Result> results = new ArrayList<>(round("c", 0, 4, 2));
    results.add(result("c", 1, "copy", 4, List.of()));
    results.add(result("c", 1, "millrace", 0.1, List.of("499 rows, not 500")));

    assertThat(Standing.of(ROW, results).orElseThrow().rounds()).isEqualTo(1);
  }

  @Test
  void theCommitThatWasMeasuredLastIsShownAlone() {
    List<Result> results = new ArrayList<>(round("later", 5, 1, 4));
    results.addAll(round("earlier", 0, 4, 2));

    Standing standing = Standing.of(ROW, results).orElseThrow();

    assertThat(standing.commit()).isEqualTo("later");
    assertThat(standing.rounds()).isEqualTo(1);
    assertThat(standing.isMet()).isFalse();
  }

  @Test
  void everyRowHasItsWorkAndNoTwoHaveOneName() {
    List<String> scenarios = Rows.scenarios().stream().map(Scenario::name).toList();

    assertThat(Rows.all()).allMatch(row -> scenarios.contains(row.scenario()));
    assertThat(Rows.all()).extracting(Row::name).doesNotHaveDuplicates();
    assertThat(scenarios)
        .doesNotHaveDuplicates()
        .allMatch(name -> Rows.all().stream().anyMatch(row -> row.scenario().equals(name)));
  }

  @Test
  void tablesAndChartShowWhatWasMeasured() {
    List<Result> results = round("c", 0, 4, 5);

    assertThat(Table.ofTargets(Rows.all(), results))
        .contains("| `q0-postgres` |", "**0.80×**", "≥ 1.00×", "**missed**")
        .doesNotContain("`q2-postgres`");
    assertThat(Table.ofContestants(Rows.scenarios(), results))
        .contains("| `q0-postgres` | copy | 250 | 250 – 250 | 4.00 |")
        .contains("| `q0-postgres` | millrace | 200 |");
    assertThat(Chart.svg(List.of(Standing.of(ROW, results).orElseThrow())))
        .contains(">q0-postgres<", ">0.80<");
  }

  private static List<Result> round(String commit, int round, double copy, double millrace) {
    return List.of(
        result(commit, round, "copy", copy, List.of()),
        result(commit, round, "millrace", millrace, List.of()));
  }

  private static Result result(
      String commit, int round, String contestant, double seconds, List<String> wrong) {
    return new Result(
        commit,
        "2026-11-26T00:00:0" + round + "Z",
        "s",
        "q0-postgres",
        contestant,
        round,
        1_000_000,
        seconds,
        Map.of(),
        0,
        2,
        wrong);
  }
}
