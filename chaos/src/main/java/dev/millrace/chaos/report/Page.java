package dev.millrace.chaos.report;

import dev.millrace.outside.MarkedPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The table in {@code docs/chaos.md}, below the text that people write. */
public final class Page {
  private static final String COMMAND = "./millrace chaos --write";

  private Page() {}

  /** Replaces everything below the mark. */
  public static void write(Path page, List<String> kinds, List<Result> results) throws IOException {
    MarkedPage.write(page, COMMAND, Table.of(kinds, results) + "\n" + rounds(results));
  }

  private static String rounds(List<Result> results) {
    Map<String, List<Result>> byCommit =
        results.stream()
            .collect(Collectors.groupingBy(Result::commit, TreeMap::new, Collectors.toList()));
    StringBuilder text = new StringBuilder("| commit | rounds | seeds |\n|---|---|---|\n");
    byCommit.forEach((commit, rounds) ->
        text.append(
            "| `%s` | %d | %d to %d |\n"
                .formatted(
                    commit,
                    rounds.size(),
                    rounds.stream().mapToLong(Result::seed).min().orElse(0),
                    rounds.stream().mapToLong(Result::seed).max().orElse(0))));
    return text.toString();
  }
}
