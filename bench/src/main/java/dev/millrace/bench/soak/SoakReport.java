package dev.millrace.bench.soak;

import dev.millrace.bench.chart.Panel;
import dev.millrace.bench.chart.Panels;
import dev.millrace.bench.result.SoakResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How people see a soak. */
public final class SoakReport {
  private static final int TICKS = 6;

  private SoakReport() {}

  /** The longest of the commit that was soaked last: a short one says less. */
  public static Optional<SoakResult> shown(List<SoakResult> all) {
    return all.stream()
        .max(Comparator.comparing(SoakResult::at))
        .flatMap(last ->
            all.stream()
                .filter(each -> each.commit().equals(last.commit()))
                .max(Comparator.comparing(SoakResult::seconds).thenComparing(SoakResult::at)));
  }

  /** Whether all stayed as it was, nothing complained, and the content was right in the end. */
  public static boolean isRight(SoakResult soak) {
    return isFaultless(soak)
        && Judged.of(soak).stream().allMatch(each -> each.verdict() == Judged.Verdict.FLAT);
  }

  /** The same but for what takes a long time to tell. */
  public static boolean isFaultless(SoakResult soak) {
    return soak.wrong().isEmpty() && soak.errors() == 0 && soak.restarts() == 0;
  }

  /** What was done and what came of it, and a table of what was judged. */
  public static String page(SoakResult soak) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%,d events in %.0f minutes, %,d a second, half of the %,d that hold, to %d subscriptions"
                + " (%s, commit `%s`): content **%s**, lines of logs that complain: **%d**, partitions"
                + " taken again: **%d**.\n\n",
            soak.events(),
            soak.seconds() / 60,
            soak.rate(),
            soak.sustained(),
            soak.subscriptions(),
            soak.at(),
            soak.commit(),
            soak.wrong().isEmpty() ? "exact" : "not exact",
            soak.errors(),
            soak.restarts()));
    soak.wrong().forEach(each -> text.append("- ").append(each).append('\n'));
    soak.firstErrors().forEach(each -> text.append("- `").append(each).append("`\n"));
    text.append(soak.wrong().isEmpty() && soak.firstErrors().isEmpty() ? "" : "\n");
    text.append("| what | median | grows over the run by | with 95 % confidence | may | |\n")
        .append("|---|---|---|---|---|---|\n");
    Judged.of(soak).forEach(each -> text.append(line(each)));
    return text.toString();
  }

  private static String line(Judged judged) {
    Judged.Figure figure = judged.figure();
    return judged
            .trend()
            .map(line ->
                String.format(
                    Locale.ROOT,
                    "| %s | %.1f %s | %+.1f %% | %+.1f %% to %+.1f %%",
                    figure.what(),
                    line.level(),
                    figure.unit(),
                    100 * line.growth(),
                    100 * line.least(),
                    100 * line.most()))
            .orElse("| " + figure.what() + " | | | ")
        + String.format(
            Locale.ROOT, " | %.0f %% | %s |\n", 100 * figure.allowed(), judged.verdict().text());
  }

  /** A panel for each figure that is judged, with its trend. */
  public static String chart(SoakResult soak) {
    return Panels.svg(Judged.of(soak).stream().map(each -> panel(each, soak)).toList());
  }

  private static Panel panel(Judged judged, SoakResult soak) {
    List<Panel.Point> points =
        soak.samples().stream()
            .map(each -> new Panel.Point(each.second() / 60, judged.figure().of(each)))
            .toList();
    List<Panel.Line> lines = new ArrayList<>();
    lines.add(new Panel.Line("seen", Panel.Line.BLUE, false, points));
    judged
        .trend()
        .ifPresent(trend ->
            lines.add(
                new Panel.Line(
                    "trend",
                    Panel.Line.ORANGE,
                    true,
                    Arrays.asList(
                        new Panel.Point(0, trend.at(0)),
                        new Panel.Point(soak.seconds() / 60, trend.at(soak.seconds()))))));
    return new Panel(
        judged.figure().what() + ", " + judged.figure().unit(), "minutes", ticks(soak), lines);
  }

  private static List<Panel.Tick> ticks(SoakResult soak) {
    List<Panel.Tick> ticks = new ArrayList<>();
    for (int i = 0; i <= TICKS; i++) {
      double minute = soak.seconds() / 60 * i / TICKS;
      ticks.add(
          new Panel.Tick(
              minute,
              String.format(Locale.ROOT, soak.seconds() < 60 * TICKS ? "%.1f" : "%.0f", minute)));
    }
    return ticks;
  }
}
