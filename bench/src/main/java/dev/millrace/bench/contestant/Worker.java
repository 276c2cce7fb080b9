package dev.millrace.bench.contestant;

import dev.millrace.bench.site.JavaProcess;
import dev.millrace.bench.site.Site;
import dev.millrace.bench.site.Usage;
import dev.millrace.outside.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** A worker as {@code ./millrace worker} starts it, fresh: nothing is compiled or connected yet. */
final class Worker implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final long CALM_MILLIS = 400;
  private static final int MOST_LOOKS = 25;
  private static final double CALM = 0.1;

  private final Process process;
  private final Path output;
  private final double boot;

  private Worker(Process process, Path output, long begun) {
    this.process = process;
    this.output = output;
    Eventually.await(
        "a worker is up, see " + output,
        PATIENCE,
        () -> {
          if (!process.isAlive()) {
            throw new Eventually.Never("the worker ended, see " + output);
          }
          return Files.readString(output).contains(" works for ");
        });
    this.boot = (System.nanoTime() - begun) / 1e9;
  }

  /** Returns when it says that it works. */
  static Worker start(Site site) throws IOException {
    return start(site, "worker.out");
  }

  /**
   * The same of one of several, each of which has a file of its own for what it prints.
   *
   * @param further options for its JVM
   */
  static Worker start(Site site, String file, String... further) throws IOException {
    Path output = site.directory().resolve(file);
    Files.deleteIfExists(output);
    Files.createFile(output);
    long begun = System.nanoTime();
    String[] options =
        Stream.of(Profile.options(), further).flatMap(Stream::of).toArray(String[]::new);
    return new Worker(site.platform().startWorker(output, options), output, begun);
  }

  /** Returns when it has nothing left to do, as one that has waited for a while. */
  static Worker startAndRest(Site site) throws IOException, InterruptedException {
    Worker worker = start(site);
    if (site.rests()) {
      worker.awaitRest();
    }
    return worker;
  }

  /** Returns when it has nothing left to do. */
  void awaitRest() throws InterruptedException {
    double before = Usage.cpu(handle());
    for (int i = 0; i < MOST_LOOKS; i++) {
      Thread.sleep(CALM_MILLIS);
      double now = Usage.cpu(handle());
      if (now - before < CALM * CALM_MILLIS / 1e3) {
        break;
      }
      before = now;
    }
  }

  /** As it calls itself in cursors. */
  String id() {
    return "worker-" + process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What it has printed. */
  Path output() {
    return output;
  }

  /** Ends it as a crash does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Seconds until it said so. */
  double boot() {
    return boot;
  }

  @Override
  public void close() {
    JavaProcess.end(process);
  }
}
