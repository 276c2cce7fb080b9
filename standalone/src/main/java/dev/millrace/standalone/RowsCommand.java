package dev.millrace.standalone;

import dev.millrace.standalone.rows.Rows;
import dev.millrace.standalone.server.DataDirectory;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "rows", description = "Rows of a subscription, the newest last.")
final class RowsCommand implements Callable<Integer> {

  @Parameters(paramLabel = "NAME", description = "tenant/name, or a name only one tenant uses.")
  String name = "";

  @Option(names = "--follow", description = "Go on until interrupted.")
  boolean follow;

  @Option(names = "--data", paramLabel = "DIR", description = "Of the platform that runs.")
  @Nullable Path data;

  @Override
  public Integer call() {
    return new Rows(System.out, System.err)
        .run(DataDirectory.path(Optional.ofNullable(data)), name, follow);
  }
}
