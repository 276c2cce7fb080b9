package dev.millrace.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.bench.result.SoakResult;
import dev.millrace.bench.result.SoakResult.Sample;
import dev.millrace.outside.JsonLines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgedTest {
  private static final IntToDoubleFunction STEADY = minute -> 10 + minute % 2;

  @TempDir Path directory;

  @Test
  void whatStaysAsItIsIsFlat() {
    SoakResult soak = soak(60, minute -> 400 + minute % 5, STEADY);

    assertThat(Judged.of(soak)).extracting(Judged::verdict).containsOnly(Judged.Verdict.FLAT);
    assertThat(SoakReport.isRight(soak)).isTrue();
  }

  @Test
  void aLeakGrowsAlsoWhereLastIsNotMoreThanFirst() {
    // One that compares the ends would be content: both are outliers.
    SoakResult soak =
        soak(60, minute -> minute == 1 ? 900 : minute == 60 ? 300 : 400 + 2 * minute, STEADY);

    assertThat(verdict(soak, Judged.Figure.RESIDENT)).isEqualTo(Judged.Verdict.GROWS);
    assertThat(SoakReport.isRight(soak)).isFalse();
    assertThat(SoakReport.page(soak)).contains("**grows**");
  }

  @Test
  void whatFallsIsNoFault() {
    assertThat(verdict(soak(60, minute -> 400 - 2 * minute, STEADY), Judged.Figure.RESIDENT))
        .isEqualTo(Judged.Verdict.FLAT);
  }

  @Test
  void noiseIsNoExcuse() {
    Random random = new Random(3);
    SoakResult soak = soak(60, minute -> 400, minute -> 10 * Math.exp(2 * random.nextGaussian()));

    assertThat(verdict(soak, Judged.Figure.P99)).isEqualTo(Judged.Verdict.OPEN);
    assertThat(SoakReport.isRight(soak)).isFalse();
  }

  @Test
  void theBeginningIsLeftOutAsThingsSettle() {
    SoakResult soak = soak(60, minute -> minute <= 6 ? 10 * minute : 400, STEADY);

    assertThat(verdict(soak, Judged.Figure.RESIDENT)).isEqualTo(Judged.Verdict.FLAT);
    assertThat(Judged.of(soak).getFirst().trend().orElseThrow().level()).isEqualTo(400);
  }

  @Test
  void aFewSamplesTellNothing() {
    SoakResult soak = soak(5, minute -> 400, STEADY);

    assertThat(Judged.of(soak)).extracting(Judged::verdict).containsOnly(Judged.Verdict.OPEN);
    assertThat(SoakReport.isFaultless(soak)).isTrue();
    assertThat(SoakReport.isRight(soak)).isFalse();
  }

  @Test
  void wrongContentComplaintsAndRestartsEachMakeItWrong() {
    SoakResult good = soak(60, minute -> 400, STEADY);

    assertThat(SoakReport.isRight(with(good, 0, 0, List.of()))).isTrue();
    assertThat(SoakReport.isRight(with(good, 1, 0, List.of()))).isFalse();
    assertThat(SoakReport.isRight(with(good, 0, 1, List.of()))).isFalse();
    assertThat(SoakReport.isRight(with(good, 0, 0, List.of("499 rows, not 500")))).isFalse();
    assertThat(SoakReport.page(with(good, 0, 1, List.of("499 rows, not 500"))))
        .contains("content **not exact**", "- 499 rows, not 500", "- `WARN of 1`");
  }

  @Test
  void theLongestOfTheCommitThatWasSoakedLastIsShown() {
    SoakResult hour = soak(60, minute -> 400, STEADY);
    SoakResult brief = later(soak(5, minute -> 400, STEADY), "c");
    SoakResult newer = later(soak(5, minute -> 400, STEADY), "d");

    assertThat(SoakReport.shown(List.of(hour, brief))).contains(hour);
    assertThat(SoakReport.shown(List.of(hour, newer))).contains(newer);
  }

  @Test
  void whatWasNotMeasuredIsKeptAsThat() throws Exception {
    JsonLines<SoakResult> kept = new JsonLines<>(directory, SoakResult.class);
    SoakResult soak = soak(60, minute -> minute % 5 == 0 ? 400 : Double.NaN, STEADY);

    kept.add(soak.commit(), soak);

    assertThat(kept.all()).containsExactly(soak);
    assertThat(SoakReport.chart(soak)).doesNotContain("NaN");
  }

  private static Judged.Verdict verdict(SoakResult soak, Judged.Figure figure) {
    return Judged.of(soak).stream()
        .filter(each -> each.figure() == figure)
        .findFirst()
        .orElseThrow()
        .verdict();
  }

  private static SoakResult soak(
      int minutes, IntToDoubleFunction memory, IntToDoubleFunction latency) {
    List<Sample> samples = new ArrayList<>();
    for (int minute = 1; minute <= minutes; minute++) {
      double mb = memory.applyAsDouble(minute);
      double millis = latency.applyAsDouble(minute);
      samples.add(new Sample(60 * minute, mb, mb, millis, 2 * millis, 80, 40, 2));
    }
    return new SoakResult(
        "c",
        "2026-11-26T00:00:00Z",
        60 * minutes,
        50,
        1_000,
        2_000,
        1_000,
        60_000L * minutes,
        samples,
        0,
        0,
        List.of(),
        2,
        List.of());
  }

  private static SoakResult with(SoakResult soak, int restarts, int errors, List<String> wrong) {
    return new SoakResult(
        soak.commit(),
        soak.at(),
        soak.seconds(),
        soak.subscriptions(),
        soak.keys(),
        soak.sustained(),
        soak.rate(),
        soak.events(),
        soak.samples(),
        restarts,
        errors,
        errors == 0 ? List.of() : List.of("WARN of " + errors),
        soak.processors(),
        wrong);
  }

  private static SoakResult later(SoakResult soak, String commit) {
    return new SoakResult(
        commit,
        "2026-11-27T00:00:00Z",
        soak.seconds(),
        soak.subscriptions(),
        soak.keys(),
        soak.sustained(),
        soak.rate(),
        soak.events(),
        soak.samples(),
        0,
        0,
        List.of(),
        soak.processors(),
        List.of());
  }
}
