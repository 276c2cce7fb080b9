package dev.millrace.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.status.Counts;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.needs.plan.Rebuilds;
import io.prometheus.client.Collector.MetricFamilySamples;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WorkerFiguresTest {
  private static final ObjectKey ORDERS = new ObjectKey("risk", "orders");
  private static final Instant EARLIER = Instant.parse("2026-11-27T10:00:00Z");
  private static final Instant LATER = Instant.parse("2026-11-27T10:00:01.500Z");

  private final WorkerFigures figures = new WorkerFigures();

  @Test
  void partitionsOfASubscriptionAreOneLine() {
    Map<String, Double> told =
        told(
            report(ORDERS, 0, "Live", 90, 100, counts(90), 90, EARLIER),
            report(ORDERS, 1, "Live", 50, 55, counts(50), 50, LATER),
            report(ORDERS, 2, "Stopped", 0, 7, counts(0), 0, null));

    assertThat(told)
        .containsEntry("millrace_subscription_lag_events risk orders", 22.0)
        .containsEntry(
            "millrace_subscription_last_event_timestamp_seconds risk orders",
            LATER.toEpochMilli() / 1000.0)
        .containsEntry("millrace_subscription_partitions risk orders Live", 2.0)
        .containsEntry("millrace_subscription_partitions risk orders Stopped", 1.0)
        .containsEntry("millrace_events_total risk orders applied", 140.0);
  }

  @Test
  void whatAnotherWorkerDidIsNotCountedHere() {
    assertThat(told(report(ORDERS, 0, "Live", 90, 90, counts(90), 10, EARLIER)))
        .containsEntry("millrace_events_total risk orders applied", 0.0);

    assertThat(told(report(ORDERS, 0, "Live", 95, 95, counts(95), 15, EARLIER)))
        .containsEntry("millrace_events_total risk orders applied", 5.0);
  }

  @Test
  void aPartitionThatComesOrGoesMakesNoJump() {
    PartitionReport own = report(ORDERS, 0, "Live", 10, 10, counts(10), 10, EARLIER);
    told(own);

    assertThat(told(own, report(ORDERS, 1, "Live", 500, 500, counts(500), 3, EARLIER)))
        .containsEntry("millrace_events_total risk orders applied", 10.0);
    assertThat(told(own)).containsEntry("millrace_events_total risk orders applied", 10.0);
  }

  @Test
  void aStoreThatWasSetBackMakesNoneEither() {
    told(report(ORDERS, 0, "Live", 90, 90, counts(90), 90, EARLIER));
    told(report(ORDERS, 0, "Live", 40, 90, counts(40), 90, EARLIER));

    assertThat(told(report(ORDERS, 0, "Live", 60, 90, counts(60), 110, EARLIER)))
        .containsEntry("millrace_events_total risk orders applied", 110.0);
  }

  @Test
  void whatBecomesOfEventsIsToldApart() {
    assertThat(told(report(ORDERS, 0, "Live", 10, 10, new Counts(10, 4, 3, 2, 1), 10, EARLIER)))
        .containsEntry("millrace_events_total risk orders applied", 4.0)
        .containsEntry("millrace_events_total risk orders filtered", 3.0)
        .containsEntry("millrace_events_total risk orders dead_lettered", 2.0)
        .containsEntry("millrace_events_total risk orders skipped", 1.0);
  }

  @Test
  void aCounterBeginsAtZeroOrWhatItBeginsWithWouldBeNoIncrease() {
    PartitionReport report = report(ORDERS, 0, "Live", 10, 10, counts(10), 10, EARLIER);

    assertThat(once(report)).containsEntry("millrace_events_total risk orders applied", 0.0);
    assertThat(once(report)).containsEntry("millrace_events_total risk orders applied", 10.0);
  }

  @Test
  void whatOthersDidIsNotCountedEitherWhenItIsHeardLater() {
    // Its store was down, so it did not know where it stands.
    told(report(ORDERS, 0, "Retrying", 0, 500, counts(0), 0, null));

    assertThat(told(report(ORDERS, 0, "Live", 500, 500, counts(500), 3, EARLIER)))
        .containsEntry("millrace_events_total risk orders applied", 0.0);
  }

  @Test
  void whatIsInTroubleIsToldWithItsReason() {
    PartitionReport stopped = report(ORDERS, 0, "Stopped", 0, 9, counts(0), 0, null, "TableTaken");
    PartitionReport along = report(ORDERS, 1, "Stopped", 0, 9, counts(0), 0, null);

    assertThat(told(stopped, along))
        .containsEntry(
            "millrace_subscription_trouble_partitions risk orders Stopped TableTaken", 1.0)
        .containsEntry("millrace_subscription_partitions risk orders Stopped", 2.0);
  }

  @Test
  void aShadowIsNobodysSubscription() {
    ObjectKey shadow = Rebuilds.shadowOf(ORDERS);

    assertThat(told(report(shadow, 0, "Preloading", 0, 9, counts(0), 0, null))).isEmpty();
  }

  @Test
  void whoHasGoneIsNotToldOfAnyMore() {
    told(report(ORDERS, 0, "Live", 10, 10, counts(10), 10, EARLIER));

    assertThat(told()).isEmpty();
  }

  private static Counts counts(long applied) {
    return new Counts(applied, applied, 0, 0, 0);
  }

  private static PartitionReport report(
      ObjectKey subscription,
      int partition,
      String phase,
      long position,
      long end,
      Counts counts,
      long consumed,
      Instant lastEvent) {
    return report(subscription, partition, phase, position, end, counts, consumed, lastEvent, null);
  }

  private static PartitionReport report(
      ObjectKey subscription,
      int partition,
      String phase,
      long position,
      long end,
      Counts counts,
      long consumed,
      Instant lastEvent,
      String reason) {
    return new PartitionReport(
        subscription,
        partition,
        1,
        "worker",
        phase,
        position,
        position,
        end,
        counts,
        consumed,
        lastEvent,
        reason,
        null,
        EARLIER);
  }

  /** Asked twice, for a counter is told as zero first. */
  private Map<String, Double> told(PartitionReport... reports) {
    once(reports);
    return once(reports);
  }

  /** Value by name and labels. */
  private Map<String, Double> once(PartitionReport... reports) {
    Map<String, Double> told = new TreeMap<>();
    for (MetricFamilySamples family : figures.of(List.of(reports))) {
      family.samples.forEach(sample ->
          told.put(sample.name + " " + String.join(" ", sample.labelValues), sample.value));
    }
    return told;
  }
}
