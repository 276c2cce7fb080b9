package dev.millrace.chaos.platform;

import dev.millrace.embedded.Ports;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * {@code ./millrace up} as a process: catalog, controller, a worker and Kafka, with a Postgres and
 * a Redis of their own. The stores under fault are others.
 */
public final class Platform implements AutoCloseable {
  private static final Duration STARTED = Duration.ofSeconds(180);
  private static final Duration ENDED = Duration.ofSeconds(20);

  private final Path data;
  private final int port;
  private Process process;

  private Platform(Path data, int port, Process process) {
    this.data = data;
    this.port = port;
    this.process = process;
  }

  public static Platform start(Path data) throws IOException {
    int port = Ports.free();
    return new Platform(data, port, launch(data, port)).awaitUp();
  }

  /** SIGKILL to the JVM alone, as the kernel does when memory ends. */
  public void kill() throws InterruptedException {
    if (!process.isAlive()) {
      throw new FaultMissed("the platform was dead already, with " + process.exitValue());
    }
    process.destroyForcibly().waitFor();
  }

  /** Begins to start again; {@link #awaitUp} waits for the end of that. */
  public void launchAgain() throws IOException {
    Files.deleteIfExists(data.resolve("run").resolve("url"));
    process = launch(data, port);
  }

  public Platform awaitUp() {
    Rest rest = rest();
    Eventually.await(
        "the platform is up, see " + output(data),
        STARTED,
        () -> {
          if (!process.isAlive()) {
            throw new Eventually.Never("the platform ended, see " + output(data));
          }
          return Files.exists(data.resolve("run").resolve("url"))
              && rest.get("info").status() == 200;
        });
    return this;
  }

  public Rest rest() {
    return new Rest("http://localhost:" + port + "/api/v1/", data.resolve("run").resolve("token"));
  }

  /** Kafka settings of the principal that may do everything. */
  public Map<String, Object> kafka() throws IOException {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(data.resolve("run").resolve("worker.properties"))) {
      properties.load(in);
    }
    Map<String, Object> settings = new HashMap<>();
    properties.forEach((name, value) -> settings.put((String) name, value));
    return settings;
  }

  /** One more worker, in a process of its own. Whoever starts it ends it. */
  public Process startWorker() throws IOException {
    return MillraceProcess.start(
        data.resolveSibling("worker.out").toFile(), "worker", "--data", data.toString());
  }

  public WorkerGroup workerGroup() throws IOException {
    return new WorkerGroup(kafka());
  }

  /** Read from the beginning; whoever opens it closes it. */
  public Plans plans() throws IOException {
    return new Plans(kafka());
  }

  public Path log() {
    return data.resolve("log").resolve("millrace.log");
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(ENDED.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static Process launch(Path data, int port) throws IOException {
    return MillraceProcess.start(
        output(data).toFile(), "up", "--data", data.toString(), "--port", Integer.toString(port));
  }

  private static Path output(Path data) {
    return data.resolveSibling("platform.out");
  }
}
