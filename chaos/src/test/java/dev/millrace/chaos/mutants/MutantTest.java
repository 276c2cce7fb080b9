package dev.millrace.chaos.mutants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MutantTest {
  private static final Path HOME = Path.of("..");

  static List<Mutant> all() throws IOException {
    return Mutant.all(HOME.resolve("chaos/mutants"));
  }

  @Test
  void aPatchSaysWhatTheBugIsAndWhoMustFindIt() {
    Mutant mutant =
        Mutant.parse(
            "name",
            List.of(
                "bug: The cursor moves",
                "before the rows.",
                "found by: test stores dev.millrace.SinkTest#rowsComeFirst",
                "",
                "--- a/stores/Sink.java",
                "+++ b/stores/Sink.java",
                "@@ -1 +1 @@",
                "-rows",
                "+cursor"));

    assertThat(mutant.bug()).isEqualTo("The cursor moves before the rows.");
    assertThat(mutant.finder())
        .isEqualTo(new Finder.Test("stores", "dev.millrace.SinkTest", "rowsComeFirst"))
        .hasToString("SinkTest#rowsComeFirst");
  }

  @Test
  void aPatchThatNobodyMustFindIsRefused() {
    assertThatThrownBy(() -> Mutant.parse("name", List.of("bug: x", "--- a/y", "+++ b/y")))
        .hasMessageContaining("found by:");
    assertThatThrownBy(
            () -> Mutant.parse("name", List.of("bug: x", "found by: luck", "--- a/y", "+++ b/y")))
        .hasMessageContaining("not luck");
  }

  /** Change a patch together with the lines it is about. */
  @ParameterizedTest
  @MethodSource("all")
  void everyPatchFitsTheSources(Mutant mutant) throws Exception {
    List<String> lines = Files.readAllLines(HOME.resolve(mutant.diff().path()));

    assertThat(mutant.diff().applied(lines)).isNotEqualTo(lines);
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyTestThatIsNamedIsThere(Mutant mutant) throws Exception {
    if (mutant.finder() instanceof Finder.Test test) {
      try (Stream<Path> tests = Files.walk(HOME.resolve(test.module()).resolve("src/test/java"))) {
        assertThat(tests.filter(Files::isRegularFile))
            .anySatisfy(
                file -> assertThat(Files.readString(file)).contains("void " + test.method() + "("));
      }
    } else {
      assertThat(mutant.diff().path()).matches("(provisioner|needs)/.*");
    }
  }

  @Test
  void thereAreAtLeastTwentyFour() throws Exception {
    assertThat(all()).hasSizeGreaterThanOrEqualTo(24);
  }
}
