package dev.millrace.standalone;

import dev.millrace.standalone.correct.Correct;
import dev.millrace.standalone.server.DataDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "dead-letters",
    description = "Events of a subscription that could not be applied, the newest first.")
final class DeadLettersCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description = "tenant/name, or a name only one tenant uses.")
  String name = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PARTITION/OFFSET",
      description = "Only this one, with what was decided of it.")
  @Nullable String place;

  @Option(names = "--data", paramLabel = "DIR", description = "Of the platform that runs.")
  @Nullable Path data;

  @Override
  public Integer call() {
    return corrections().show(DataDirectory.path(Optional.ofNullable(data)), name, place);
  }

  /** A correction takes effect within moments, or waits for what keeps its pipeline. */
  static Correct corrections() {
    return new Correct(System.out, System.err, Duration.ofSeconds(10), Duration.ofMillis(300));
  }
}
