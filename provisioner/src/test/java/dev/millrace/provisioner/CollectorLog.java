package dev.millrace.provisioner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** How much of its heap a worker really used, from what its garbage collector writes down. */
final class CollectorLog {
  private static final Pattern PAUSE = Pattern.compile("Pause (\\w+).* \\d+M->(\\d+)M\\(\\d+M\\)");

  private final Path file;
  private final Path status;

  private CollectorLog(Path file, Path status) {
    this.file = file;
    this.status = status;
  }

  static String option(String worker) {
    return "-Xlog:gc:file=" + file(worker) + ":uptime";
  }

  private static Path file(String worker) {
    return Path.of("target", worker + "-gc.log");
  }

  static CollectorLog of(WorkerProcess worker) {
    String name =
        worker
            .log()
            .getFileName()
            .toString()
            .replace("-" + ProcessHandle.current().pid() + ".log", "");
    return new CollectorLog(file(name), Path.of("/proc", Long.toString(worker.pid()), "status"));
  }

  /** What was in use after a full collection was all alive; after a young one, some was not. */
  void print(int heapMegabytes) throws IOException {
    System.out.printf(
        "worker's heap at its highest: %d MB after %d full collections, %d MB after any, of %d MB;"
            + " %s resident%n",
        highest("Full"), pauses("Full").count(), highest("\\w+"), heapMegabytes, resident());
  }

  private long highest(String kind) throws IOException {
    return pauses(kind).mapToLong(pause -> Long.parseLong(pause.group(2))).max().orElse(0);
  }

  private java.util.stream.Stream<MatchResult> pauses(String kind) throws IOException {
    return PAUSE
        .matcher(Files.readString(file))
        .results()
        .filter(pause -> pause.group(1).matches(kind));
  }

  private String resident() throws IOException {
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM"))
        .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024 + " MB")
        .findFirst()
        .orElseThrow();
  }
}
