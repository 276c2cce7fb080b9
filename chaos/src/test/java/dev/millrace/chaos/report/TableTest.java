package dev.millrace.chaos.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void aPercentileIsARecoveryThatWasSeen() {
    List<Result> rounds =
        IntStream.rangeClosed(1, 10).mapToObj(i -> result("k", i, false)).toList();

    assertThat(Table.percentile(rounds, 50)).isEqualTo("5.0 s");
    assertThat(Table.percentile(rounds, 99)).isEqualTo("10.0 s");
    assertThat(Table.percentile(List.of(), 99)).isEmpty();
  }

  @Test
  void itSumsByKindAndCountsStops() {
    String table =
        Table.of(
            List.of("healed", "stopped", "never-run"),
            List.of(result("healed", 1, false), result("stopped", 2, true)));

    assertThat(table)
        .contains("| `healed` | 1 | 1 | 2 | 3 |  | 1.0 s | 1.0 s | 1 |")
        .contains("| `stopped` | 1 | 1 | 2 | 3 | 1 of 1 | 2.0 s | 2.0 s | 1 |")
        .contains("| all | 2 | 2 | 4 | 6 | 1 of 1 | 1.0 s | 2.0 s | 2 |")
        .doesNotContain("never-run");
  }

  private static Result result(String kind, double recovery, boolean stopping) {
    return new Result(
        "c",
        1,
        kind,
        "2026-11-25T00:00:00Z",
        stopping,
        stopping,
        1,
        2,
        3,
        recovery,
        10,
        5,
        2.5,
        12.5,
        List.of("wrong"));
  }
}
