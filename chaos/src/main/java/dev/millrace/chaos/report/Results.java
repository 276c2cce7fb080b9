package dev.millrace.chaos.report;

import dev.millrace.api.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Results that last: a file of JSON lines for each commit. */
public final class Results {
  private final Path directory;

  public Results(Path directory) {
    this.directory = directory;
  }

  public void add(Result result) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve(result.commit() + ".jsonl"),
        Json.STRICT.writeValueAsString(result) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** Of all commits, the oldest round first. */
  public List<Result> all() throws IOException {
    List<Result> found = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.filter(each -> each.toString().endsWith(".jsonl")).toList()) {
          for (String line : Files.readAllLines(file)) {
            found.add(Json.LENIENT.readValue(line, Result.class));
          }
        }
      }
    }
    found.sort(java.util.Comparator.comparing(Result::at));
    return found;
  }
}
