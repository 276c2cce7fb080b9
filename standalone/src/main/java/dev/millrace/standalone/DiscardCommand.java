package dev.millrace.standalone;

import dev.millrace.standalone.server.DataDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "discard", description = "Leaves dead letters out for good: they count as skipped.")
final class DiscardCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description = "tenant/name, or a name only one tenant uses.")
  String name = "";

  @Parameters(
      index = "1..*",
      paramLabel = "PARTITION/OFFSET",
      description = "Which; as ./millrace dead-letters has them.")
  List<String> places = List.of();

  @Option(names = "--all", description = "All there are.")
  boolean all;

  @Option(names = "--data", paramLabel = "DIR", description = "Of the platform that runs.")
  @Nullable Path data;

  @Override
  public Integer call() {
    if (all != places.isEmpty()) {
      throw new CommandLine.ParameterException(spec.commandLine(), "Name which, or give --all");
    }
    return DeadLettersCommand.corrections()
        .discard(DataDirectory.path(Optional.ofNullable(data)), name, places, all);
  }
}
