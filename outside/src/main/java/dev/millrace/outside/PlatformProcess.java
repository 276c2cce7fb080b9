package dev.millrace.outside;

import dev.millrace.embedded.Ports;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** {@code ./millrace up} as a process, on a data directory of its own. */
public final class PlatformProcess implements AutoCloseable {
  private static final Duration STARTED = Duration.ofSeconds(180);
  private static final Duration ENDED = Duration.ofSeconds(20);

  private final Path data;
  private final int port;
  private final List<String> options;
  private Process process;

  private PlatformProcess(Path data, int port, List<String> options) throws IOException {
    this.data = data;
    this.port = port;
    this.options = options;
    this.process = launch();
  }

  /**
   * Returns when it answers.
   *
   * @param options of {@code ./millrace up} besides its directory and port
   */
  public static PlatformProcess start(Path data, String... options) throws IOException {
    return new PlatformProcess(data, Ports.free(), List.of(options)).awaitUp();
  }

  public Process process() {
    return process;
  }

  /** Begins to start again, after it was ended; {@link #awaitUp} waits for the end of that. */
  public void launchAgain() throws IOException {
    Files.deleteIfExists(data.resolve("run").resolve("url"));
    process = launch();
  }

  public PlatformProcess awaitUp() {
    Rest rest = rest();
    Eventually.await(
        "the platform is up, see " + output(),
        STARTED,
        () -> {
          if (!process.isAlive()) {
            throw new Eventually.Never("the platform ended, see " + output());
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

  /**
   * One more worker, in a process of its own. Whoever starts it ends it.
   *
   * @param output what it prints is appended to
   * @param further options for its JVM
   */
  public Process startWorker(Path output, String... further) throws IOException {
    return MillraceProcess.start(
        output.toFile(), List.of(further), List.of("worker", "--data", data.toString()));
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

  private Process launch() throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("up", "--data", data.toString(), "--port", Integer.toString(port)));
    arguments.addAll(options);
    return MillraceProcess.start(output().toFile(), List.of(), arguments);
  }

  private Path output() {
    return data.resolveSibling("platform.out");
  }
}
