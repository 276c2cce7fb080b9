package dev.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What cannot be meant is said at once, before anything is started. */
class CommandsTest {
  private static final int USAGE = 2;

  @Test
  void aDimensionThatThereIsNotIsNamedWithThoseThatThereAre() {
    assertThat(refused("growth", "partitions", "width"))
        .contains(
            "there is no width; there are partitions, size, fields, subscriptions, events, workers");
  }

  @Test
  void roundsAreOneAtLeast() {
    assertThat(refused("growth", "--rounds", "0")).contains("--rounds must be 1 or more, and is 0");
  }

  @Test
  void aSoakTakesAMinuteAtLeast() {
    assertThat(refused("soak", "--minutes", "0"))
        .contains("--minutes must be 1 to 10080, and is 0");
    assertThat(refused("soak", "--minutes", "soon")).contains("'soon' is not an int");
  }

  @Test
  void aRateAndSubscriptionsAreWithinWhatCanBe() {
    assertThat(refused("soak", "--rate", "1")).contains("--rate must be 2 events a second or more");
    assertThat(refused("soak", "--subscriptions", "0"))
        .contains("--subscriptions must be 1 to 1000, and is 0");
  }

  @Test
  void optionsBeforeTheWordWouldBeLostAndAreRefused() {
    assertThat(refused("--smoke", "soak"))
        .contains("whatever belongs to soak stands behind that word");
    assertThat(refused("--rounds", "2", "growth")).contains("whatever belongs to growth stands");
  }

  @Test
  void aRowThatThereIsNotIsNamedWithThoseThatThereAre() {
    assertThat(refused("q0-postgras"))
        .contains("there is no q0-postgras; there are", "q0-postgres");
  }

  private static String refused(String... arguments) {
    StringWriter said = new StringWriter();
    int code = new CommandLine(new Main()).setErr(new PrintWriter(said)).execute(arguments);
    assertThat(code).isEqualTo(USAGE);
    return said.toString();
  }
}
