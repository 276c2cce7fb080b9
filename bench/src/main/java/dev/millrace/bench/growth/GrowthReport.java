package dev.millrace.bench.growth;

import dev.millrace.bench.chart.Panel;
import dev.millrace.bench.chart.Panels;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How people see growth: a table for each dimension with its verdict, and a chart. */
public final class GrowthReport {
  private GrowthReport() {}

  public static String tables(List<Growth> all) {
    return all.stream().map(GrowthReport::table).collect(Collectors.joining("\n"));
  }

  /** A panel for each dimension. */
  public static String chart(List<Growth> all) {
    return Panels.svg(all.stream().map(GrowthReport::panel).toList());
  }

  private static String table(Growth growth) {
    String unit = growth.dimension().unit();
    StringBuilder text =
        new StringBuilder(
            "**`%s`**: %s. %s (commit `%s`)\n\n"
                .formatted(
                    growth.dimension().name(),
                    growth.dimension().what(),
                    verdict(growth),
                    growth.commit()));
    text.append(
            "| %s | events | s for a %s | times the step before | worker's CPU s for it | times | store's CPU s for it | peak MB | rounds |%s%s\n"
                .formatted(
                    growth.dimension().name(),
                    unit,
                    hasFault(growth) ? " |" : "",
                    growth.dimension().copied()
                        ? " `\\copy`: s | times |"
                        : growth.dimension().adds()
                            ? " each further one: s | CPU s | times |"
                            : ""))
        .append("|---|---|---|---|---|---|---|---|---|")
        .append(hasFault(growth) ? "---|" : "")
        .append(
            growth.dimension().copied()
                ? "---|---|\n"
                : growth.dimension().adds() ? "---|---|---|\n" : "\n");
    for (Growth.Cost cost : growth.costs()) {
      text.append(line(growth, cost));
    }
    return text.toString();
  }

  private static boolean hasFault(Growth growth) {
    return !growth.dimension().fault().isEmpty();
  }

  private static String line(Growth growth, Growth.Cost cost) {
    List<Growth.Step> here =
        growth.steps().stream().filter(step -> step.to().equals(cost.point())).toList();
    String head =
        "| %s | %s | %s | %s | %s | %s | %s | %s | %d |"
            .formatted(
                cost.point(),
                String.format(Locale.ROOT, "%,.0f", cost.events()),
                number("%.2f", cost.seconds()),
                here.isEmpty() ? "" : number("%.2f×", here.getFirst().seconds()),
                number("%.2f", cost.self()),
                here.isEmpty() ? "" : number("%.2f×", here.getFirst().self()),
                number("%.2f", cost.store()),
                number("%.0f", cost.peak()),
                cost.rounds());
    return head
        + (hasFault(growth) ? " " + shared(cost) + " |" : "")
        + (growth.dimension().copied()
            ? " %s | %s |"
                .formatted(
                    number("%.2f", cost.copied()),
                    here.isEmpty() ? "" : number("%.2f×", here.getFirst().copied()))
            : "")
        + (growth.dimension().adds() ? " " + further(here) : "")
        + "\n";
  }

  private static String further(List<Growth.Step> here) {
    Growth.Further further = here.isEmpty() ? null : here.getFirst().further();
    return further == null
        ? "| | |"
        : "%s | %s | %s |"
            .formatted(
                number("%.3f", further.seconds()),
                number("%.3f", further.self()),
                number("%.2f×", further.times()));
  }

  private static String shared(Growth.Cost cost) {
    return !Double.isNaN(cost.takenOver())
        ? String.format(Locale.ROOT, "all taken over after %.1f s", cost.takenOver())
        : !Double.isNaN(cost.leastShare())
            ? String.format(Locale.ROOT, "each applied %.0f %% at least", cost.leastShare())
            : "";
  }

  /** In one sentence. */
  public static String verdict(Growth growth) {
    if (growth.steps().size() < growth.dimension().steps().size() - 1) {
      return "Not all of it was measured.";
    }
    List<Growth.Step> cliffs = growth.cliffs();
    if (!cliffs.isEmpty()) {
      return cliffs.stream()
          .map(step -> "**A cliff** from " + factor(step))
          .collect(Collectors.joining(", ", "", "."));
    }
    return growth
        .steepest()
        .map(step -> "No cliff: the steepest step is from " + factor(step) + ".")
        .orElse("");
  }

  private static String factor(Growth.Step step) {
    return String.format(
        Locale.ROOT,
        "%s to %s, %.2f× the seconds and %.2f× the CPU%s%s",
        step.from(),
        step.to(),
        step.seconds(),
        step.self(),
        Double.isNaN(step.copied())
            ? ""
            : String.format(Locale.ROOT, " (`\\copy` %.2f× the seconds)", step.copied()),
        step.further() == null
            ? ""
            : String.format(
                Locale.ROOT,
                ", each further one %.3f s and %.3f CPU s, %.2f× what each took so far",
                step.further().seconds(),
                step.further().self(),
                step.further().times()));
  }

  private static String number(String format, double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, format, value);
  }

  private static Panel panel(Growth growth) {
    List<Panel.Tick> ticks = new ArrayList<>();
    List<Panel.Point> seconds = new ArrayList<>();
    List<Panel.Point> self = new ArrayList<>();
    List<Panel.Point> store = new ArrayList<>();
    List<Panel.Point> copied = new ArrayList<>();
    for (int i = 0; i < growth.costs().size(); i++) {
      Growth.Cost cost = growth.costs().get(i);
      ticks.add(new Panel.Tick(i, cost.point()));
      seconds.add(new Panel.Point(i, cost.seconds()));
      self.add(new Panel.Point(i, cost.self()));
      store.add(new Panel.Point(i, cost.store()));
      copied.add(new Panel.Point(i, cost.copied()));
    }
    List<Panel.Line> lines =
        new ArrayList<>(
            List.of(
                new Panel.Line("elapsed", Panel.Line.BLUE, false, seconds),
                new Panel.Line("worker's CPU", Panel.Line.ORANGE, false, self),
                new Panel.Line("store's CPU", Panel.Line.GREEN, false, store)));
    if (growth.dimension().copied()) {
      lines.add(new Panel.Line("\\copy, elapsed", Panel.Line.GREY, false, copied));
    }
    return new Panel(
        growth.dimension().name() + ": seconds for a " + growth.dimension().unit(),
        growth.dimension().what(),
        ticks,
        lines);
  }
}
