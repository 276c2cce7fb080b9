package dev.millrace.bench.row;

import dev.millrace.bench.contestant.Figures;
import dev.millrace.bench.result.Result;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Results as tables in Markdown, which a terminal shows well enough. */
public final class Table {
  private Table() {}

  /** Each row that was measured, its ratio or value, and whether the target is met. */
  public static String ofTargets(List<Row> rows, List<Result> results) {
    StringBuilder text = new StringBuilder();
    text.append("| row | what | against | median | range | rounds | target | | commit |\n")
        .append("|---|---|---|---|---|---|---|---|---|\n");
    for (Row row : rows) {
      Standing.of(row, results).ifPresent(standing -> text.append(line(standing)));
    }
    return text.toString();
  }

  private static String line(Standing standing) {
    Row row = standing.row();
    return "| `%s` | %s | %s | **%s** | %s – %s | %d | %s %s | %s | `%s` |\n"
        .formatted(
            row.name(),
            row.what(),
            row.baseline(),
            shown(standing.median(), row.unit()),
            shown(standing.lowest(), row.unit()),
            shown(standing.highest(), row.unit()),
            standing.rounds(),
            row.bound().sign(),
            shown(row.target(), row.unit()),
            standing.isMet() ? "met" : "**missed**",
            standing.commit());
  }

  private static String shown(double value, String unit) {
    return unit.isEmpty()
        ? String.format(Locale.ROOT, "%.2f×", value)
        : String.format(Locale.ROOT, value < 100 ? "%.1f %s" : "%.0f %s", value, unit);
  }

  /** Who did what how fast: medians of the commit that each did it for last. */
  public static String ofContestants(List<Scenario> scenarios, List<Result> results) {
    StringBuilder text = new StringBuilder();
    text.append("| work | by | thousand events/s | range | s | p50 / p99 ms | CPU s: self, store,")
        .append(" broker | peak MB | runs |\n|---|---|---|---|---|---|---|---|---|\n");
    for (Scenario scenario : scenarios) {
      byContestant(scenario, results)
          .forEach((contestant, runs) -> text.append(line(scenario.name(), contestant, runs)));
    }
    return text.toString();
  }

  private static Map<String, List<Result>> byContestant(Scenario scenario, List<Result> results) {
    Map<String, List<Result>> found = new LinkedHashMap<>();
    scenario
        .contestants()
        .forEach(each -> {
          List<Result> mine =
              results.stream()
                  .filter(result ->
                      result.scenario().equals(scenario.name())
                          && result.contestant().equals(each.name())
                          && result.right())
                  .toList();
          Optional<Result> last = mine.stream().max(Comparator.comparing(Result::at));
          last.ifPresent(newest ->
              found.put(
                  each.name(),
                  mine.stream().filter(run -> run.commit().equals(newest.commit())).toList()));
        });
    return found;
  }

  private static String line(String scenario, String contestant, List<Result> runs) {
    String latencies =
        number(runs, "%.1f", run -> run.figure(Figures.P50))
            + " / "
            + number(runs, "%.1f", run -> run.figure(Figures.P99));
    return "| `%s` | %s | %s | %s | %s | %s | %s, %s, %s | %s | %d |\n"
        .formatted(
            scenario,
            contestant,
            number(runs, "%.0f", Table::thousands),
            range(runs),
            number(runs, "%.2f", Result::seconds),
            latencies.equals(" / ") ? "" : latencies,
            number(runs, "%.1f", run -> run.figure(Figures.CPU_SELF)),
            number(runs, "%.1f", run -> run.figure(Figures.CPU_STORE)),
            number(runs, "%.1f", run -> run.figure(Figures.CPU_BROKER)),
            number(runs, "%.0f", run -> run.figure(Figures.PEAK)),
            runs.size());
  }

  private static double thousands(Result run) {
    double rate = Double.isNaN(run.figure(Figures.RATE)) ? run.rate() : run.figure(Figures.RATE);
    return run.events() == 0 ? Double.NaN : rate / 1e3;
  }

  private static String range(List<Result> runs) {
    List<Double> values = sorted(runs, Table::thousands);
    return values.isEmpty()
        ? ""
        : String.format(Locale.ROOT, "%.0f – %.0f", values.get(0), values.get(values.size() - 1));
  }

  private static String number(List<Result> runs, String format, ToDoubleFunction<Result> of) {
    List<Double> values = sorted(runs, of);
    return values.isEmpty() ? "" : String.format(Locale.ROOT, format, Standing.median(values));
  }

  private static List<Double> sorted(List<Result> runs, ToDoubleFunction<Result> of) {
    List<Double> values = new ArrayList<>();
    for (Result run : runs) {
      double value = of.applyAsDouble(run);
      if (!Double.isNaN(value) && !Double.isInfinite(value)) {
        values.add(value);
      }
    }
    values.sort(Comparator.naturalOrder());
    return values;
  }
}
