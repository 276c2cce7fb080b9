package dev.millrace.chaos.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  @TempDir Path directory;

  @Test
  void aRunThatIsKilledWhileItWritesLosesThatRoundAlone() throws Exception {
    Results results = new Results(directory);
    results.add(result(1));
    Files.writeString(
        directory.resolve("c.jsonl"), "{\"commit\":\"c\",\"se", StandardOpenOption.APPEND);

    results.add(result(3));

    assertThat(results.all()).containsExactly(result(1), result(3));
  }

  @Test
  void aResultFromBeforeItsDurationWasKeptIsRead() throws Exception {
    Files.writeString(
        directory.resolve("c.jsonl"),
        """
        {"commit":"c","seed":7,"kind":"k","at":"2026-11-25T00:00:00Z","stopping":false,\
        "stopped":false,"lost":0,"duplicated":0,"outOfOrder":0,"recoverySeconds":1.5,\
        "events":10,"observations":5,"wrong":[]}
        """);

    assertThat(new Results(directory).all()).extracting(Result::seed).containsExactly(7L);
  }

  private static Result result(long seed) {
    return new Result(
        "c",
        seed,
        "k",
        "2026-11-25T00:00:0" + seed + "Z",
        false,
        false,
        0,
        0,
        0,
        1.5,
        10,
        5,
        2.5,
        9.5,
        List.of());
  }
}
