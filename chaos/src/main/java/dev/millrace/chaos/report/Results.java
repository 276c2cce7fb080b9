package dev.millrace.chaos.report;

import dev.millrace.outside.JsonLines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** Results that last: a file of JSON lines for each commit. */
public final class Results {
  private final JsonLines<Result> lines;

  public Results(Path directory) {
    this.lines = new JsonLines<>(directory, Result.class);
  }

  public void add(Result result) throws IOException {
    lines.add(result.commit(), result);
  }

  /** Of all commits, the oldest round first. */
  public List<Result> all() throws IOException {
    return lines.all().stream().sorted(Comparator.comparing(Result::at)).toList();
  }
}
