package dev.millrace.chaos.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FindingsTest {
  private static final Diff DIFF =
      Diff.parse(List.of("--- a/x/Y.java", "+++ b/x/Y.java", "@@ -1 +1 @@", "-a", "+b"));
  private static final List<Finding> FINDINGS =
      List.of(
          finding("one", new Verdict.Found("simulator, seed 5001: lost a|b"), 3.24),
          finding("two", new Verdict.Unnoticed(), 10),
          finding("three", new Verdict.Failed("does not compile"), 1));

  private static Finding finding(String name, Verdict verdict, double seconds) {
    return new Finding(
        new Mutant(name, "The bug.", new Finder.Simulator(), DIFF), verdict, seconds);
  }

  @Test
  void onlyWhatWasFoundCounts() {
    assertThat(Findings.table(FINDINGS))
        .isEqualTo(
            """
            | mutant | the bug | found by | seconds |
            |---|---|---|---|
            | `one` | The bug. | simulator, seed 5001: lost a\\|b | 3.2 |
            | `two` | The bug. | NOT FOUND | 10.0 |
            | `three` | The bug. | FAILED: does not compile | 1.0 |

            1 of 3 found
            """);
  }

  @Test
  void thePageKeepsWhatPeopleWroteBeforeAndAfter(@TempDir Path directory) throws Exception {
    Path page = directory.resolve("chaos.md");
    Files.writeString(
        page,
        "before\n<!-- written by ./millrace chaos mutants --write -->\nold\n<!-- end of the mutants -->\nafter\n");

    Findings.write(page, FINDINGS, "abc1234");

    assertThat(Files.readString(page))
        .startsWith("before\n")
        .endsWith("1 of 3 found, at commit `abc1234`.\n\n<!-- end of the mutants -->\nafter\n")
        .doesNotContain("old");
  }
}
