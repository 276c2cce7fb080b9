package dev.millrace.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the commands about one subscription take. */
class SubscriptionCommandsTest {

  @ParameterizedTest
  @ValueSource(
      classes = {
        RowsCommand.class,
        VerifyCommand.class,
        ExplainCommand.class,
        DeadLettersCommand.class,
        RedriveCommand.class,
        DiscardCommand.class
      })
  void eachTakesANameAndADirectory(Class<?> command) {
    CommandLine.ParseResult parsed =
        new CommandLine(command).parseArgs("risk/orders", "--data", "/tmp/elsewhere");

    assertThat(parsed.<String>matchedPositionalValue(0, "")).isEqualTo("risk/orders");
    assertThat(parsed.<Path>matchedOptionValue("--data", Path.of("none")))
        .isEqualTo(Path.of("/tmp/elsewhere"));
    assertThatThrownBy(() -> new CommandLine(command).parseArgs())
        .isInstanceOf(CommandLine.MissingParameterException.class);
  }

  @Test
  void deadLettersAreNamedByTheirPlaces() {
    RedriveCommand redrive = new RedriveCommand();
    new CommandLine(redrive).parseArgs("orders", "0/17", "1/4");

    assertThat(redrive.letters.name).isEqualTo("orders");
    assertThat(redrive.letters.places).containsExactly("0/17", "1/4");
    assertThat(redrive.letters.all).isFalse();
  }

  @Test
  void noneIsCorrectedWithoutBeingNamed() {
    assertThat(new CommandLine(new DiscardCommand()).execute("orders")).isEqualTo(2);
    assertThat(new CommandLine(new RedriveCommand()).execute("orders")).isEqualTo(2);
    assertThat(new CommandLine(new RedriveCommand()).execute("orders", "--all", "--payload", "{}"))
        .isEqualTo(2);
    assertThat(
            new CommandLine(new RedriveCommand())
                .execute("orders", "0/1", "0/2", "--payload", "{}"))
        .isEqualTo(2);
  }
}
