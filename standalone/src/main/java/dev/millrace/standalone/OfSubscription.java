package dev.millrace.standalone;

import dev.millrace.standalone.server.DataDirectory;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What every command takes that is about one subscription. */
class OfSubscription {

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description = "tenant/name, or a name only one tenant uses.")
  String name = "";

  @Option(names = "--data", paramLabel = "DIR", description = "Of the platform that runs.")
  private @Nullable Path data;

  final Path directory() {
    return DataDirectory.path(Optional.ofNullable(data));
  }
}
