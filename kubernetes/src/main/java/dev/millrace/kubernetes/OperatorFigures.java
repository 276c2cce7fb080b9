package dev.millrace.kubernetes;

import dev.millrace.operator.Census;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the operator looks after, told by the one replica that does. */
final class OperatorFigures {
  private OperatorFigures() {}

  /**
   * @param census empty for a replica that stands by
   */
  static List<MetricFamilySamples> of(Optional<Census> census) {
    List<MetricFamilySamples> all = new ArrayList<>();
    all.add(
        new GaugeMetricFamily(
            "millrace_operator_leading",
            "1 for the replica that is at work",
            census.isPresent() ? 1 : 0));
    census.ifPresent(of -> {
      GaugeMetricFamily phases =
          new GaugeMetricFamily(
              "millrace_subscriptions", "Subscriptions by phase", List.of("phase"));
      of.phases().forEach((phase, count) -> phases.addMetric(List.of(phase), count));
      GaugeMetricFamily conditions =
          new GaugeMetricFamily(
              "millrace_subscriptions_condition",
              "Subscriptions of which a condition is True",
              List.of("type"));
      of.conditions().forEach((type, count) -> conditions.addMetric(List.of(type), count));
      all.add(phases);
      all.add(conditions);
      all.add(new GaugeMetricFamily("millrace_products", "DataProducts", of.products()));
      all.add(
          new GaugeMetricFamily(
              "millrace_products_ready", "DataProducts whose topic is ready", of.readyProducts()));
      all.add(new GaugeMetricFamily("millrace_stores", "Stores", of.stores()));
      all.add(
          new GaugeMetricFamily(
              "millrace_debts", "What was left of stores that could not be cleaned", of.debts()));
    });
    return all;
  }
}
