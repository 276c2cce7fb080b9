package dev.millrace.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.status.Counts;
import dev.millrace.api.status.PartitionReport;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Of what is reported, what turns is looked at at once, however many there are. */
class StatusPaceTest {
  private static final PartitionReport BEFORE = report(7, "Preloading", 100, null, null);

  @Test
  void howFarItIsMayWaitWhereManyMove() {
    assertThat(StatusPace.turned(BEFORE, report(7, "Preloading", 200, null, null))).isFalse();

    assertThat(StatusPace.wait(false, 24)).isEqualTo(Duration.ZERO);
    assertThat(StatusPace.wait(false, 25)).isEqualTo(Duration.ofMillis(50));
    assertThat(StatusPace.wait(false, 1_000)).isEqualTo(Duration.ofSeconds(2));
    assertThat(StatusPace.wait(false, 100_000)).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void whatTurnsDoesNot() {
    assertThat(StatusPace.turned(BEFORE, report(8, "Preloading", 100, null, null))).isTrue();
    assertThat(StatusPace.turned(BEFORE, report(7, "Live", 100, null, null))).isTrue();
    assertThat(StatusPace.turned(BEFORE, report(7, "Preloading", 100, "Locked", null))).isTrue();
    assertThat(StatusPace.turned(BEFORE, report(7, "Preloading", 100, null, "why"))).isTrue();

    assertThat(StatusPace.wait(true, 100_000)).isEqualTo(Duration.ZERO);
  }

  private static PartitionReport report(
      long definition,
      String phase,
      long position,
      @Nullable String reason,
      @Nullable String message) {
    return new PartitionReport(
        new ObjectKey("team", "orders"),
        0,
        definition,
        "worker-1",
        phase,
        position,
        position,
        1_000,
        Counts.NONE,
        position,
        null,
        reason,
        message,
        Instant.EPOCH);
  }
}
