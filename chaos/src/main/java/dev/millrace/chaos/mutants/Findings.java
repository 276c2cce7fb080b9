package dev.millrace.chaos.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The findings as a table in Markdown, and where it stands in {@code docs/chaos.md}. */
final class Findings {
  private static final String BEGIN = "<!-- written by ./millrace chaos mutants --write -->";
  private static final String END = "<!-- end of the mutants -->";
  private static final int LONGEST = 160;

  private Findings() {}

  static String table(List<Finding> findings) {
    StringBuilder text =
        new StringBuilder("| mutant | the bug | found by | seconds |\n|---|---|---|---|\n");
    for (Finding each : findings) {
      text.append(
          String.format(
              Locale.ROOT,
              "| `%s` | %s | %s | %.1f |%n",
              each.mutant().name(),
              cell(each.mutant().bug()),
              cell(brief(each.verdict())),
              each.seconds()));
    }
    return text.append('\n').append(sum(findings)).append('\n').toString();
  }

  static String sum(List<Finding> findings) {
    return findings.stream().filter(Finding::isFound).count() + " of " + findings.size() + " found";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;");
  }

  /** What was seen may be as long as a batch. */
  static String brief(Verdict verdict) {
    String text = verdict.toString();
    return text.length() > LONGEST ? text.substring(0, LONGEST) + " …" : text;
  }

  /** Replaces what stands between the marks. */
  static void write(Path page, List<Finding> findings, String commit) throws IOException {
    String text = Files.readString(page);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IOException(page + " lacks the marks " + BEGIN + " and " + END);
    }
    Files.writeString(
        page,
        text.substring(0, begin + BEGIN.length())
            + "\n\n"
            + table(findings).stripTrailing()
            + ", at commit `"
            + commit
            + "`.\n\n"
            + text.substring(end));
  }
}
