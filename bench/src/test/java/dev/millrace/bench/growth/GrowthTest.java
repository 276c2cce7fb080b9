package dev.millrace.bench.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.bench.contestant.Figures;
import dev.millrace.bench.result.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GrowthTest {
  private static final Dimension FIELDS = dimension("fields");
  private static final Dimension SUBSCRIPTIONS = dimension("subscriptions");
  private static final Dimension WORKERS = dimension("workers");

  @Test
  void aStepThatMakesAUnitDearerByHalfIsACliff() {
    Growth growth =
        growth(
            List.of(
                run(FIELDS, 0, "5", 10, 10),
                run(FIELDS, 0, "50", 12, 14.9),
                run(FIELDS, 0, "500", 12, 22.5)));

    assertThat(growth.steps()).extracting(Growth.Step::isCliff).containsExactly(false, true);
    assertThat(GrowthReport.verdict(growth))
        .isEqualTo("**A cliff** from 50 to 500, 1.00× the seconds and 1.51× the CPU.");
  }

  @Test
  void whatIsDearInSecondsAloneIsACliffToo() {
    Growth growth =
        growth(
            List.of(
                run(FIELDS, 0, "5", 10, 10),
                run(FIELDS, 0, "50", 15.1, 10),
                run(FIELDS, 0, "500", 15, 10)));

    assertThat(growth.cliffs()).extracting(Growth.Step::to).containsExactly("50");
  }

  @Test
  void whereEachStepCostsLittleThereIsNoCliff() {
    Growth growth =
        growth(
            List.of(
                run(FIELDS, 0, "5", 10, 10),
                run(FIELDS, 0, "50", 14, 13),
                run(FIELDS, 0, "500", 16, 14)));

    assertThat(growth.cliffs()).isEmpty();
    assertThat(GrowthReport.verdict(growth))
        .isEqualTo(
            "No cliff: the steepest step is from 5 to 50, 1.40× the seconds and 1.30× the CPU.");
  }

  @Test
  void aStepIsOfOneRoundAndTheMedianOfTheRoundsCounts() {
    List<Result> results = new ArrayList<>();
    // The machine is half as fast in the second round; in the third something else ran.
    results.addAll(List.of(run(FIELDS, 0, "5", 10, 10), run(FIELDS, 0, "50", 11, 11)));
    results.addAll(List.of(run(FIELDS, 1, "5", 20, 20), run(FIELDS, 1, "50", 22, 22)));
    results.addAll(List.of(run(FIELDS, 2, "5", 10, 10), run(FIELDS, 2, "50", 90, 90)));

    Growth growth = growth(results);

    assertThat(growth.steps())
        .singleElement()
        .satisfies(step -> {
          assertThat(step.seconds()).isEqualTo(1.1);
          assertThat(step.isCliff()).isFalse();
        });
    assertThat(GrowthReport.verdict(growth)).isEqualTo("Not all of it was measured.");
  }

  @Test
  void theUnitIsWhatCounts() {
    List<Result> results =
        List.of(result("c", FIELDS, 0, "5", 10, 10, 1), result("c", FIELDS, 0, "50", 100, 100, 10));

    assertThat(growth(results).steps().getFirst().seconds()).isEqualTo(1);
  }

  @Test
  void aFaultIsNoStep() {
    Growth growth =
        Growth.of(
                WORKERS,
                List.of(
                    run(WORKERS, 0, "1", 10, 10),
                    run(WORKERS, 0, "2", 9, 12),
                    run(WORKERS, 0, "2, one killed", 30, 30)))
            .orElseThrow();

    assertThat(growth.steps()).hasSize(1);
    assertThat(growth.costs()).hasSize(3);
    assertThat(GrowthReport.verdict(growth)).startsWith("No cliff");
  }

  @Test
  void roundsOfWhichAllIsThereAndRightNeedNotRunAgain() {
    List<Result> results = new ArrayList<>();
    results.addAll(List.of(run(FIELDS, 0, "5", 1, 1), run(FIELDS, 0, "50", 1, 1)));
    assertThat(Growth.complete(FIELDS, "c", results)).isZero();

    results.add(run(FIELDS, 0, "500", 1, 1));
    assertThat(Growth.complete(FIELDS, "c", results)).isZero();

    results.addAll(List.of(copy(0, "5", 1), copy(0, "50", 1), copy(0, "500", 1)));
    assertThat(Growth.complete(FIELDS, "c", results)).isEqualTo(1);
    assertThat(Growth.complete(FIELDS, "d", results)).isZero();
    assertThat(Growth.complete(WORKERS, "c", results)).isZero();
  }

  @Test
  void aRunWhoseContentWasWrongDoesNotCount() {
    Result wrong = run(FIELDS, 0, "500", 1, 1);
    List<Result> results =
        List.of(
            run(FIELDS, 0, "5", 1, 1),
            run(FIELDS, 0, "50", 1, 1),
            new Result(
                wrong.commit(),
                wrong.at(),
                wrong.session(),
                wrong.scenario(),
                wrong.contestant(),
                0,
                1,
                1,
                wrong.figures(),
                0,
                2,
                List.of("499 rows, not 500")));

    assertThat(Growth.complete(FIELDS, "c", results)).isZero();
    assertThat(growth(results).costs()).hasSize(2);
  }

  @Test
  void whatTheStoresOwnClientTakesForTheSameRowsIsToldBeside() {
    List<Result> results =
        List.of(
            copy(0, "5", 4),
            result("c", FIELDS, 0, "5", 10, 10, 2),
            copy(0, "50", 12),
            result("c", FIELDS, 0, "50", 20, 10, 2),
            copy(0, "500", 12),
            result("c", FIELDS, 0, "500", 20, 10, 2));

    Growth growth = growth(results);

    assertThat(growth.costs()).extracting(Growth.Cost::copied).containsExactly(2.0, 6.0, 6.0);
    assertThat(GrowthReport.verdict(growth))
        .as("a cliff all the same, and whose it is can be seen")
        .isEqualTo(
            "**A cliff** from 5 to 50, 2.00× the seconds and 1.00× the CPU (`\\copy` 3.00× the"
                + " seconds).");
    assertThat(GrowthReport.tables(List.of(growth)))
        .contains("| 50 | 1,000,000 | 10.00 | 2.00× | 5.00 | 1.00× |  | 400 | 1 | 6.00 | 3.00× |");
  }

  @Test
  void whereEachPointIsMoreWorkItIsToldBesideWhatAFurtherOneTakes() {
    Growth growth =
        of(
            run(SUBSCRIPTIONS, 0, "1", 4, 4),
            run(SUBSCRIPTIONS, 0, "10", 5, 5),
            run(SUBSCRIPTIONS, 0, "50", 7, 6),
            run(SUBSCRIPTIONS, 0, "200", 10, 8),
            run(SUBSCRIPTIONS, 0, "1000", 42, 20));

    assertThat(growth.cliffs())
        .as("by what a unit takes, as everywhere")
        .extracting(Growth.Step::to)
        .containsExactly("1000");
    assertThat(GrowthReport.tables(List.of(growth)))
        .contains(
            " each further one: s | CPU s | times |\n",
            "| 1 | 1,000,000 | 4.00 |  | 4.00 |  |  | 400 | 1 | | | |\n",
            "| 10 | 1,000,000 | 5.00 | 1.25× | 5.00 | 1.25× |  | 400 | 1 | 0.111 | 0.111 | 0.03× |\n",
            "**A cliff** from 200 to 1000, 4.20× the seconds and 2.50× the CPU, each further one"
                + " 0.040 s and 0.015 CPU s, 1.33× what each took so far.");
  }

  @Test
  void severalThatAreSaidToHaveCostLessThanOneHaveCostItsNoise() {
    Growth growth =
        of(
            run(SUBSCRIPTIONS, 0, "1", 4, Double.NaN),
            run(SUBSCRIPTIONS, 0, "10", 3.9, Double.NaN),
            run(SUBSCRIPTIONS, 0, "50", 4.1, Double.NaN));

    assertThat(growth.steps().get(1).further().times())
        .as("0.2 s for 40, where 0.2 s for 9 are noise")
        .isCloseTo(0.225, within(1e-9));
  }

  @Test
  void theCommitThatWasMeasuredLastIsShownAlone() {
    List<Result> results =
        List.of(
            result("later", FIELDS, 5, "5", 1, 1, 1),
            result("earlier", FIELDS, 0, "5", 9, 9, 1),
            result("earlier", FIELDS, 0, "50", 9, 9, 1));

    assertThat(growth(results).commit()).isEqualTo("later");
    assertThat(growth(results).costs()).hasSize(1);
  }

  @Test
  void tableAndChartShowWhatWasMeasured() {
    Growth growth =
        growth(
            List.of(
                run(FIELDS, 0, "5", 10, 10),
                run(FIELDS, 0, "50", 12, 15),
                run(FIELDS, 0, "500", 12, 15)));

    assertThat(GrowthReport.tables(List.of(growth)))
        .contains(
            "**`fields`**: fields of an event, all taken. No cliff",
            "| 50 | 1,000,000 | 12.00 | 1.20× | 15.00 | 1.50× |  | 400 | 1 |  |  |\n");
    assertThat(GrowthReport.chart(List.of(growth)))
        .contains(">fields: seconds for a million values<", ">500<", "<polyline");
  }

  @Test
  void pointsOfADimensionDoNotShareWhatTheyChange() {
    for (boolean smoke : List.of(true, false)) {
      List<Dimension> all = Dimensions.all(smoke);
      assertThat(all).extracting(Dimension::name).doesNotHaveDuplicates();
      assertThat(all)
          .allSatisfy(each -> {
            assertThat(each.names()).doesNotHaveDuplicates();
            assertThat(each.steps()).hasSizeGreaterThan(1);
          });
    }
  }

  private static Dimension dimension(String name) {
    return Dimensions.all(false).stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Growth of(Result... results) {
    return Growth.of(SUBSCRIPTIONS, List.of(results)).orElseThrow();
  }

  private static Growth growth(List<Result> results) {
    return Growth.of(FIELDS, results).orElseThrow();
  }

  private static Result copy(int round, String point, double seconds) {
    return result("c", FIELDS, round, "copy " + point, seconds, 1, Double.NaN);
  }

  private static Result run(
      Dimension dimension, int round, String point, double seconds, double self) {
    return result("c", dimension, round, point, seconds, self, 1);
  }

  private static Result result(
      String commit,
      Dimension dimension,
      int round,
      String point,
      double seconds,
      double self,
      double units) {
    return new Result(
        commit,
        "2026-11-26T00:00:0" + round + "Z",
        "s",
        dimension.scenarioName(),
        point,
        round,
        1_000_000,
        seconds,
        Map.of(Figures.CPU_SELF, self, Figures.UNITS, units, Figures.PEAK, 400.0),
        0,
        2,
        List.of());
  }
}
