package dev.millrace.chaos.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Results by kind, as a table in Markdown, which a terminal shows well enough. */
public final class Table {
  private Table() {}

  /** In the order of the kinds given; a kind without rounds is left out. */
  public static String of(List<String> kinds, List<Result> results) {
    StringBuilder text = new StringBuilder();
    text.append("| kind | rounds | lost | duplicated | out of order | stopped as named |")
        .append(" recovery p50 | p99 | not right |\n")
        .append("|---|---|---|---|---|---|---|---|---|\n");
    for (String kind : kinds) {
      List<Result> rounds = results.stream().filter(each -> each.kind().equals(kind)).toList();
      if (!rounds.isEmpty()) {
        text.append(line("`" + kind + "`", rounds));
      }
    }
    return text.append(line("all", results)).toString();
  }

  private static String line(String name, List<Result> rounds) {
    List<Result> stopping = rounds.stream().filter(Result::stopping).toList();
    long stopped = stopping.stream().filter(Result::stopped).count();
    return "| %s | %d | %d | %d | %d | %s | %s | %s | %d |\n"
        .formatted(
            name,
            rounds.size(),
            rounds.stream().mapToInt(Result::lost).sum(),
            rounds.stream().mapToInt(Result::duplicated).sum(),
            rounds.stream().mapToInt(Result::outOfOrder).sum(),
            stopping.isEmpty() ? "" : stopped + " of " + stopping.size(),
            percentile(rounds, 50),
            percentile(rounds, 99),
            rounds.stream().filter(each -> !each.right()).count());
  }

  /** Nearest rank, in seconds; only of rounds that came to their end. */
  static String percentile(List<Result> rounds, int percent) {
    List<Double> sorted =
        rounds.stream()
            .map(Result::recoverySeconds)
            .filter(seconds -> seconds > 0)
            .sorted()
            .collect(Collectors.toList());
    if (sorted.isEmpty()) {
      return "";
    }
    int rank = (int) Math.ceil(percent / 100.0 * sorted.size());
    return String.format(Locale.ROOT, "%.1f s", sorted.get(Math.max(0, rank - 1)));
  }
}
