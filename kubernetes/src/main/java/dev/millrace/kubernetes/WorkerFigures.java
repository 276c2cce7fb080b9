package dev.millrace.kubernetes;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.status.Counts;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.needs.plan.Rebuilds;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A worker's part of each subscription, shadows of rebuilds left out. Counts in reports are of all
 * time and move with a partition from worker to worker; here they begin when this worker has it,
 * for a counter that jumps would be taken for events of that moment; and each counter is told as
 * zero first, for what it begins with is no increase.
 */
final class WorkerFigures {
  private static final List<String> SUBSCRIPTION = List.of("tenant", "subscription");

  private Map<Place, Counts> before = Map.of();
  private Map<ObjectKey, Counts> counted = Map.of();

  /** What is told by the next. */
  private Map<ObjectKey, Counts> first = Map.of();

  private record Place(ObjectKey subscription, int partition) {}

  /**
   * @param reports of all its partitions, as they are now
   */
  synchronized List<MetricFamilySamples> of(List<PartitionReport> reports) {
    Map<ObjectKey, List<PartitionReport>> all =
        reports.stream()
            .filter(report ->
                Rebuilds.subscriptionOf(report.subscription()).equals(report.subscription()))
            .collect(
                Collectors.groupingBy(
                    PartitionReport::subscription, TreeMap::new, Collectors.toList()));
    count(all.values().stream().flatMap(List::stream).toList());
    return List.of(lag(all), newest(all), partitions(all), trouble(all), events());
  }

  private void count(List<PartitionReport> reports) {
    Map<Place, Counts> now = new HashMap<>();
    Map<ObjectKey, Counts> sums = new TreeMap<>();
    for (PartitionReport report : reports) {
      Place place = new Place(report.subscription(), report.partition());
      Counts known = before.get(place);
      now.put(place, report.counts());
      sums.merge(
          report.subscription(),
          since(known == null ? atFirst(report) : known, report),
          Counts::plus);
    }
    Map<ObjectKey, Counts> told = new TreeMap<>();
    Map<ObjectKey, Counts> next = new HashMap<>();
    sums.forEach((key, more) -> {
      Counts past = counted.get(key);
      if (past == null) {
        told.put(key, Counts.NONE);
        next.put(key, more);
      } else {
        told.put(key, past.plus(first.getOrDefault(key, Counts.NONE)).plus(more));
      }
    });
    before = now;
    counted = told;
    first = next;
  }

  /** What this worker has not done; of a pipeline that began here it has done all. */
  private static Counts atFirst(PartitionReport report) {
    return report.consumed() >= report.counts().read() ? Counts.NONE : report.counts();
  }

  /**
   * Nothing when a store was set back, or its content built anew; nor when more is told than this
   * worker has read, for then it only heard now what others had done.
   */
  private static Counts since(Counts then, PartitionReport report) {
    Counts now = report.counts();
    return now.read() < then.read() || now.read() - then.read() > report.consumed()
        ? Counts.NONE
        : new Counts(
            now.read() - then.read(),
            Math.max(0, now.applied() - then.applied()),
            Math.max(0, now.filtered() - then.filtered()),
            Math.max(0, now.deadLettered() - then.deadLettered()),
            Math.max(0, now.skipped() - then.skipped()));
  }

  private static MetricFamilySamples lag(Map<ObjectKey, List<PartitionReport>> all) {
    GaugeMetricFamily lag =
        new GaugeMetricFamily(
            "millrace_subscription_lag_events",
            "Events in the log that are not in the store yet, of this worker's partitions",
            SUBSCRIPTION);
    all.forEach((key, reports) ->
        lag.addMetric(
            names(key),
            reports.stream().mapToLong(each -> each.endOffset() - each.position()).sum()));
    return lag;
  }

  private static MetricFamilySamples newest(Map<ObjectKey, List<PartitionReport>> all) {
    GaugeMetricFamily newest =
        new GaugeMetricFamily(
            "millrace_subscription_last_event_timestamp_seconds",
            "When the newest event that is in the store was published",
            SUBSCRIPTION);
    all.forEach((key, reports) -> {
      @Nullable Instant last =
          reports.stream()
              .map(PartitionReport::lastEventTime)
              .filter(Objects::nonNull)
              .max(Instant::compareTo)
              .orElse(null);
      if (last != null) {
        newest.addMetric(names(key), last.toEpochMilli() / 1000.0);
      }
    });
    return newest;
  }

  private static MetricFamilySamples partitions(Map<ObjectKey, List<PartitionReport>> all) {
    GaugeMetricFamily partitions =
        new GaugeMetricFamily(
            "millrace_subscription_partitions",
            "This worker's partitions of a subscription, by phase",
            List.of("tenant", "subscription", "phase"));
    all.forEach((key, reports) ->
        reports.stream()
            .collect(
                Collectors.groupingBy(PartitionReport::phase, TreeMap::new, Collectors.counting()))
            .forEach((phase, count) ->
                partitions.addMetric(List.of(key.tenant(), key.name(), phase), count)));
    return partitions;
  }

  private static MetricFamilySamples trouble(Map<ObjectKey, List<PartitionReport>> all) {
    GaugeMetricFamily trouble =
        new GaugeMetricFamily(
            "millrace_subscription_trouble_partitions",
            "This worker's partitions of a subscription that do not go on, by phase and reason",
            List.of("tenant", "subscription", "phase", "reason"));
    all.forEach((key, reports) ->
        reports.stream()
            .filter(report -> report.reason() != null)
            .collect(
                Collectors.groupingBy(
                    report -> List.of(report.phase(), String.valueOf(report.reason())),
                    Collectors.counting()))
            .forEach((why, count) ->
                trouble.addMetric(
                    List.of(key.tenant(), key.name(), why.get(0), why.get(1)), count)));
    return trouble;
  }

  private MetricFamilySamples events() {
    CounterMetricFamily events =
        new CounterMetricFamily(
            "millrace_events",
            "Events that this worker has read, by what became of them",
            List.of("tenant", "subscription", "outcome"));
    counted.forEach((key, counts) -> {
      events.addMetric(List.of(key.tenant(), key.name(), "applied"), counts.applied());
      events.addMetric(List.of(key.tenant(), key.name(), "filtered"), counts.filtered());
      events.addMetric(List.of(key.tenant(), key.name(), "dead_lettered"), counts.deadLettered());
      events.addMetric(List.of(key.tenant(), key.name(), "skipped"), counts.skipped());
    });
    return events;
  }

  private static List<String> names(ObjectKey key) {
    return List.of(key.tenant(), key.name());
  }
}
