package dev.millrace.standalone.process;

import dev.millrace.embedded.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** {@code ./millrace up} as a process of its own, run from what the build made. */
public final class PlatformProcess implements AutoCloseable {
  /** For what ends sooner on any machine that has room. */
  public static final Duration LONG = Duration.ofSeconds(180);

  private static final Duration STARTED = Duration.ofSeconds(180);

  /** What people are made to wait for at most is no test's subject, and a busy machine's need. */
  private static final Map<String, String> PATIENT =
      Map.of(
          "MILLRACE_CATALOG_PATIENCE", "60s",
          "MILLRACE_EVENTS_PUBLISH_PATIENCE", "60s",
          "MILLRACE_EVENTS_READ_PATIENCE", "60s",
          "MILLRACE_EVENTS_PREVIEW_TIME", "30s");

  private static final List<String> STARVED =
      List.of(
          "controller event queue overloaded",
          "Exceptionally slow controller event",
          // A heartbeat was missed: it leads nothing for a moment, and loads them anew after it.
          "Stopped loading records from __consumer_offsets");

  private final Process process;
  private final Path data;
  private final int port;
  private final Path output;

  private PlatformProcess(Process process, Path data, int port, Path output) {
    this.process = process;
    this.data = data;
    this.port = port;
    this.output = output;
  }

  /** Begins to start; {@link #awaitUp} waits for the end of that. */
  public static PlatformProcess begin(Path data, int port, String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("up", "--data", data.toString(), "--port", Integer.toString(port)));
    arguments.addAll(List.of(options));
    Path output = data.resolveSibling(data.getFileName() + "-" + System.nanoTime() + ".out");
    return new PlatformProcess(launch(output, arguments), data, port, output);
  }

  public static PlatformProcess start(Path data, String... options) {
    return begin(data, Ports.free(), options).awaitUp();
  }

  /** Any command of the application. */
  public static Process launch(Path output, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 24) {
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(
        List.of(
            "-XX:+UseParallelGC",
            "-Xmx640m",
            "--enable-native-access=ALL-UNNAMED",
            "-jar",
            Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath().toString()));
    command.addAll(arguments);
    try {
      Files.createDirectories(output.getParent());
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().putAll(PATIENT);
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public PlatformProcess awaitUp() {
    await("up", STARTED, () -> !process.isAlive() || output().contains("Millrace is up"));
    if (!process.isAlive()) {
      throw new AssertionError("it ended with " + process.exitValue() + ":\n" + output());
    }
    return this;
  }

  public URI url() {
    return URI.create("http://localhost:" + port);
  }

  public int port() {
    return port;
  }

  public String token() {
    return read(data.resolve("run").resolve("token")).strip();
  }

  public Path data() {
    return data;
  }

  /** Kafka settings for applications. */
  public Map<String, Object> kafka() {
    Properties properties = new Properties();
    try (var reader = Files.newBufferedReader(data.resolve("run").resolve("client.properties"))) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, Object> settings = new HashMap<>();
    properties.forEach((name, value) -> settings.put((String) name, value));
    return settings;
  }

  public String output() {
    return read(output);
  }

  public String log() {
    Path log = data.resolve("log").resolve("millrace.log");
    return Files.exists(log) ? read(log) : "";
  }

  /** The log's errors, without those by which Kafka says that it had no processor in time. */
  public List<String> errors() {
    return log()
        .lines()
        .filter(line -> line.contains("ERROR"))
        .filter(line -> STARVED.stream().noneMatch(line::contains))
        .toList();
  }

  public long pid() {
    return process.pid();
  }

  /** The server processes of this platform that live. */
  public List<ProcessHandle> servers() {
    List<ProcessHandle> servers = new ArrayList<>();
    for (String server : List.of("postgres", "redis")) {
      Path file = data.resolve(server).resolve("server.pid");
      if (Files.exists(file)) {
        ProcessHandle.of(Long.parseLong(read(file).strip().split(" ")[0]))
            .filter(ProcessHandle::isAlive)
            .ifPresent(servers::add);
      }
    }
    return servers;
  }

  /** Without a chance to clean up: SIGKILL, to the JVM alone. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd(LONG);
  }

  /** SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /**
   * @return the exit code
   */
  public int awaitEnd(Duration within) {
    try {
      if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("still alive after " + within + ":\n" + output());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      terminate();
      awaitEnd(LONG);
    }
  }

  /**
   * Lets others pass, as most directories do: the user that root lends to Postgres could not reach
   * its data otherwise, and the data would lie elsewhere.
   */
  static void letOthersPass(Path directory) {
    try {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Looks again and again, until it is so. */
  public static void await(String what, Duration within, BooleanSupplier so) {
    long deadline = System.nanoTime() + within.toNanos();
    while (!so.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not " + what + " within " + within);
      }
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
