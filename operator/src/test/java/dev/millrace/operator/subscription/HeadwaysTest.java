package dev.millrace.operator.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.api.status.SubscriptionStatus.Progress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeadwaysTest {
  private static final ObjectKey KEY = new ObjectKey("team-risk", "orders");

  private final Map<Integer, PartitionReport> reports = new HashMap<>();
  private Instant now = Instant.parse("2026-11-27T12:00:00Z");
  private final Clock clock =
      new Clock() {
        @Override
        public Instant instant() {
          return now;
        }

        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }
      };
  private final Headways headways = new Headways(key -> reports, clock);

  private static PipelinePlan plan(long definition) {
    return new PipelinePlan(
        KEY,
        "uid",
        definition,
        List.of(),
        "Running",
        new PipelinePlan.Source(
            new ObjectKey("sales", "orders"),
            "sales.orders",
            "topic",
            "cluster",
            2,
            JsonNodeFactory.instance.objectNode(),
            "id",
            false),
        null,
        List.of(),
        "Upsert",
        new PipelinePlan.Target("Postgres", KEY, "host", 1, "db", "disable", "writer", null, null),
        new PipelinePlan.ErrorPolicy("DeadLetter", null, null),
        Map.of(0, 0L, 1, 100L),
        Map.of(0, 1000L, 1, 1100L),
        null);
  }

  private void report(int partition, long definition, long position, long end) {
    reports.put(
        partition,
        new PartitionReport(
            KEY,
            partition,
            definition,
            "worker",
            "Live",
            position,
            position,
            end,
            new Counts(position, position, 0, 0, 0),
            position,
            now,
            null,
            null,
            now));
  }

  @Test
  void historyIsWhatLiesBetweenStartAndCutover() {
    report(0, 1, 500, 2000);
    report(1, 1, 1100, 1100);

    Progress progress = headways.now(plan(1)).orElseThrow();

    assertThat(progress.percent()).isEqualTo(75);
    assertThat(progress.lagEvents()).isEqualTo(1500);
    assertThat(progress.counts().read()).isEqualTo(1600);
  }

  @Test
  void whatIsSaidOfAnotherDefinitionDoesNotCount() {
    report(0, 1, 1000, 1000);

    assertThat(headways.now(plan(2))).isEmpty();

    report(1, 2, 600, 1100);
    assertThat(headways.now(plan(2)).orElseThrow().percent()).isEqualTo(25);
  }

  @Test
  void thePaceIsThatSinceItWasShownLast() {
    report(0, 1, 100, 1000);
    assertThat(headways.now(plan(1)).orElseThrow().eventsPerSecond()).isZero();
    headways.shown(KEY);

    now = now.plusSeconds(10);
    report(0, 1, 600, 1000);
    Progress progress = headways.now(plan(1)).orElseThrow();

    assertThat(progress.eventsPerSecond()).isEqualTo(50);
    assertThat(progress.etaSeconds()).isEqualTo(28);
  }

  @Test
  void afterOneWasShownTheNextWaits() {
    assertThat(headways.rest(KEY)).isEmpty();
    headways.shown(KEY);

    now = now.plusSeconds(12);
    assertThat(headways.rest(KEY)).contains(Duration.ofSeconds(18));

    now = now.plusSeconds(18);
    assertThat(headways.rest(KEY)).isEmpty();
  }
}
