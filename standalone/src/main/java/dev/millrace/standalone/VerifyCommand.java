package dev.millrace.standalone;

import dev.millrace.standalone.server.DataDirectory;
import dev.millrace.standalone.verify.Verify;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "verify",
    description = {
      "Compares a subscription's store with its stream, row by row, while it goes on being fed.",
      "Ends with 0 when they are equal, 1 when they differ, 2 when it cannot be proven."
    })
final class VerifyCommand implements Callable<Integer> {

  @Parameters(paramLabel = "NAME", description = "tenant/name, or a name only one tenant uses.")
  String name = "";

  @Option(names = "--data", paramLabel = "DIR", description = "Of the platform that runs.")
  @Nullable Path data;

  @Override
  public Integer call() {
    return new Verify(
            System.out, System.err, Boolean.getBoolean("millrace.terminal"), Duration.ofMillis(300))
        .run(DataDirectory.path(Optional.ofNullable(data)), name);
  }
}
