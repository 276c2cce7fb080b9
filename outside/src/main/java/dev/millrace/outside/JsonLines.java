package dev.millrace.outside;

import dev.millrace.api.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What runs came to, kept: a directory with a file of JSON lines for each commit. */
public final class JsonLines<T> {
  private final Path directory;
  private final Class<T> type;

  public JsonLines(Path directory, Class<T> type) {
    this.directory = directory;
    this.type = type;
  }

  public void add(String commit, T result) throws IOException {
    Files.createDirectories(directory);
    Path file = directory.resolve(commit + ".jsonl");
    dropHalfLine(file);
    Files.writeString(
        file,
        Json.STRICT.writeValueAsString(result) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** Of a run that was killed while it wrote: that round is not known, and is run again. */
  private static void dropHalfLine(Path file) throws IOException {
    if (Files.exists(file)) {
      String text = Files.readString(file);
      if (!text.isEmpty() && !text.endsWith("\n")) {
        Files.writeString(file, text.substring(0, text.lastIndexOf('\n') + 1));
      }
    }
  }

  /** Of all commits, in no order. */
  public List<T> all() throws IOException {
    List<T> found = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.filter(each -> each.toString().endsWith(".jsonl")).toList()) {
          dropHalfLine(file);
          for (String line : Files.readAllLines(file)) {
            found.add(Json.LENIENT.readValue(line, type));
          }
        }
      }
    }
    return found;
  }
}
