package dev.millrace.bench.contestant;

import dev.millrace.bench.site.JavaProcess;
import dev.millrace.bench.site.Site;
import dev.millrace.bench.site.Usage;
import dev.millrace.outside.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A worker as {@code ./millrace worker} starts it, fresh: nothing is compiled or connected yet. */
final class Worker implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final long CALM_MILLIS = 400;
  private static final int MOST_LOOKS = 25;
  private static final double CALM = 0.1;

  private final Process process;
  private final double boot;

  private Worker(Process process, Path output, long begun) {
    this.process = process;
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
    Path output = site.directory().resolve("worker.out");
    Files.deleteIfExists(output);
    Files.createFile(output);
    long begun = System.nanoTime();
    return new Worker(site.platform().startWorker(output, Profile.options()), output, begun);
  }

  /** Returns when it has nothing left to do, as one that has waited for a while. */
  static Worker startAndRest(Site site) throws IOException, InterruptedException {
    Worker worker = start(site);
    double before = Usage.cpu(worker.handle());
    for (int i = 0; i < MOST_LOOKS && site.rests(); i++) {
      Thread.sleep(CALM_MILLIS);
      double now = Usage.cpu(worker.handle());
      if (now - before < CALM * CALM_MILLIS / 1e3) {
        break;
      }
      before = now;
    }
    return worker;
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
