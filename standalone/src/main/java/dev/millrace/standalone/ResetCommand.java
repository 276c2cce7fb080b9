package dev.millrace.standalone;

import dev.millrace.embedded.EmbeddedPostgres;
import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.standalone.server.DataDirectory;
import dev.millrace.standalone.server.StartFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Scanner;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "reset", description = "Forget the data, after asking.")
final class ResetCommand implements Callable<Integer> {

  @Option(names = "--data", paramLabel = "DIR", description = "What to forget.")
  @Nullable Path data;

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  @Override
  public Integer call() throws IOException {
    Path home = DataDirectory.path(Optional.ofNullable(data));
    if (!Files.exists(home)) {
      System.out.println("there is nothing in " + home);
      return 0;
    }
    wantOurs(home);
    if (!yes && !confirmed(home)) {
      System.out.println("nothing was deleted");
      return 1;
    }
    try (DataDirectory held = DataDirectory.open(home)) {
      EmbeddedPostgres.endOrphan(held.home().resolve("postgres"));
      EmbeddedRedis.endOrphan(held.home().resolve("redis"));
      for (Path each : List.of(EmbeddedPostgres.dataHome(home.resolve("postgres")), home)) {
        delete(each);
      }
    }
    System.out.println(home + " is forgotten");
    return 0;
  }

  /** A slip in --data must not cost a stranger's files. */
  private static void wantOurs(Path home) {
    if (!Files.exists(home.resolve("format")) && !Files.exists(home.resolve("lock"))) {
      throw new StartFailed(
          home + " is no data directory of Millrace, so nothing in it was touched");
    }
  }

  private static boolean confirmed(Path home) {
    System.out.print("Delete all data in " + home + "? Type yes: ");
    System.out.flush();
    Scanner answers = new Scanner(System.in, System.out.charset());
    return answers.hasNextLine() && answers.nextLine().strip().equals("yes");
  }

  private static void delete(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
