package dev.millrace.standalone.explain;

import dev.millrace.api.ask.Explanation;
import dev.millrace.api.ask.Explanation.EvaluatedExpression;
import dev.millrace.api.ask.Explanation.ExtractedField;
import dev.millrace.api.ask.Explanation.Unmeasured;
import dev.millrace.api.ask.Explanation.WriteWay;
import dev.millrace.api.ask.Measurement;
import dev.millrace.api.ask.Measurement.BatchSizes;
import dev.millrace.api.ask.Measurement.SharedReading;
import dev.millrace.api.ask.Measurement.TimeShares;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** An explanation, for people. */
final class Text {
  private final StringBuilder text = new StringBuilder();

  private Text() {}

  static String of(Explanation explanation) {
    Text text = new Text();
    text.text.append(explanation.sentence()).append('\n');
    text.plan(explanation);
    explanation.measured().forEach(text::measured);
    explanation.unmeasured().forEach(text::unmeasured);
    return text.text.toString();
  }

  private void plan(Explanation explanation) {
    heading("The plan, definition " + explanation.definition() + ", " + explanation.state());
    String name = "reads";
    for (ExtractedField field : explanation.fields()) {
      line(name, field.field() + " (" + String.join(", ", field.uses()) + ")");
      name = "";
    }
    for (EvaluatedExpression each : explanation.expressions()) {
      line(each.of(), each.expression());
      line("", each.compiled() ? "runs as code" : "runs in the reference evaluator: " + each.why());
    }
    if (explanation.deletesWhatLeaves()) {
      line("leaving", "an event that does not match the filter deletes its row");
    }
    line("writes", explanation.engine() + ", " + explanation.mode());
    for (WriteWay way : explanation.ways()) {
      line("", way.name() + ": " + way.meaning());
    }
  }

  private void measured(Measurement measured) {
    heading(
        String.format(
            Locale.ROOT,
            "%s, the last %.1f s: %,d events in %,d batches",
            measured.worker(),
            measured.seconds(),
            measured.events(),
            measured.batches()));
    line("time", shares(measured.time()));
    line("", percent(measured.writing()) + " of it a write was under way");
    line("events", sizes(measured.eventsInBatch()) + " in a batch");
    line("changes", sizes(measured.changesInBatch()) + " in a batch");
    line(
        "batches",
        measured.ways().isEmpty()
            ? "none since the store was taken"
            : measured.ways().entrySet().stream()
                .map(way -> String.format(Locale.ROOT, "%,d %s", way.getValue(), way.getKey()))
                .collect(Collectors.joining(", ", "", ", since the store was taken")));
    readers(measured.partitions())
        .forEach((how, partitions) -> line("partition", list(partitions) + ": " + how));
  }

  private static String shares(TimeShares time) {
    Map<String, Double> shares = new LinkedHashMap<>();
    shares.put("store", time.store());
    shares.put("encoding", time.encoding());
    shares.put("filtering", time.filtering());
    shares.put("reading", time.reading());
    shares.put("its turn", time.turn());
    shares.put("new events", time.idle());
    return shares.entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder()))
        .map(share -> share.getKey() + " " + percent(share.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static Map<String, List<Integer>> readers(List<SharedReading> partitions) {
    return partitions.stream()
        .collect(
            Collectors.groupingBy(
                Text::reader,
                TreeMap::new,
                Collectors.mapping(SharedReading::partition, Collectors.toList())));
  }

  private static String reader(SharedReading reading) {
    String with =
        switch (reading.sharedWith()) {
          case 0 -> "read for it alone";
          case 1 -> "read together with 1 other subscription";
          default -> "read together with " + reading.sharedWith() + " other subscriptions";
        };
    return reading.catchingUp() ? with + ", catching up with those ahead" : with;
  }

  private void unmeasured(Unmeasured gap) {
    heading("Not measured: partitions " + list(gap.partitions()));
    line("why", (gap.code() == null ? "" : gap.code() + ": ") + gap.message());
  }

  private static String sizes(BatchSizes sizes) {
    return String.format(
        Locale.ROOT,
        "%,d now, %,d median, %,d largest",
        sizes.now(),
        sizes.median(),
        sizes.largest());
  }

  private static String percent(double share) {
    return Math.round(100 * share) + " %";
  }

  private static String list(List<Integer> partitions) {
    return partitions.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }

  private void heading(String words) {
    text.append('\n').append(words).append('\n');
  }

  private void line(String name, String words) {
    text.append(String.format(Locale.ROOT, "  %-15s %s", name, words).stripTrailing()).append('\n');
  }
}
