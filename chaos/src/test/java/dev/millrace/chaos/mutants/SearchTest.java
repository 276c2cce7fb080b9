package dev.millrace.chaos.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that fails is not yet a bug that was found. */
class SearchTest {

  @Test
  void aViolationOfAPromiseIsAFind() {
    assertThat(Search.violation("seeds from 5000\nseed 5003: s1: lost key 7\n  again: ...\n"))
        .isEqualTo(new Verdict.Found("simulator, seed 5003: s1: lost key 7"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Error: Could not find or load main class dev.millrace.Simulate",
        "seed 5000: java.lang.NoClassDefFoundError: dev/millrace/Cohort\n",
        "seed 5000: java.lang.OutOfMemoryError: Java heap space\n",
        ""
      })
  void aSimulatorThatCannotRunFindsNothing(String output) {
    assertThat(Search.violation(output)).isInstanceOf(Verdict.Failed.class);
  }

  @Test
  void onlyATestThatFailsAsTestsFailIsAFind() {
    assertThat(verdict(NamedTests.FAILED)).isEqualTo(new Verdict.Found("SinkTest#rowsComeFirst"));
    assertThat(verdict(NamedTests.PASSED)).isEqualTo(new Verdict.Unnoticed());
    assertThat(verdict(NamedTests.NOT_TRIED)).isInstanceOf(Verdict.Failed.class);
  }

  private static Verdict verdict(String outcome) {
    return Search.verdict(
        "dev.millrace.SinkTest", new String[] {"rowsComeFirst", outcome, "java.lang.Error"});
  }
}
