package dev.millrace.chaos.platform;

import dev.millrace.outside.PlatformProcess;
import dev.millrace.outside.Rest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * {@code ./millrace up} as a process: catalog, controller, a worker and Kafka, with a Postgres and
 * a Redis of their own. The stores under fault are others.
 */
public final class Platform implements AutoCloseable {
  private final PlatformProcess running;
  private final Path workerOutput;

  private Platform(PlatformProcess running, Path workerOutput) {
    this.running = running;
    this.workerOutput = workerOutput;
  }

  public static Platform start(Path data) throws IOException {
    return new Platform(PlatformProcess.start(data), data.resolveSibling("worker.out"));
  }

  /** SIGKILL to the JVM alone, as the kernel does when memory ends. */
  public void kill() throws InterruptedException {
    Process process = running.process();
    if (!process.isAlive()) {
      throw new FaultMissed("the platform was dead already, with " + process.exitValue());
    }
    process.destroyForcibly().waitFor();
  }

  /** Returns when it is up. */
  public void startAgain() throws IOException {
    running.launchAgain();
    running.awaitUp();
  }

  public Rest rest() {
    return running.rest();
  }

  /** Kafka settings of the principal that may do everything. */
  public Map<String, Object> kafka() throws IOException {
    return running.kafka();
  }

  /** One more worker, in a process of its own. Whoever starts it ends it. */
  public Process startWorker() throws IOException {
    return running.startWorker(workerOutput);
  }

  public WorkerGroup workerGroup() throws IOException {
    return new WorkerGroup(kafka());
  }

  /** Read from the beginning; whoever opens it closes it. */
  public Plans plans() throws IOException {
    return new Plans(kafka());
  }

  public Path log() {
    return running.log();
  }

  @Override
  public void close() {
    running.close();
  }
}
