package dev.millrace.bench.contestant;

import dev.millrace.bench.peer.Signal;
import dev.millrace.bench.site.JavaProcess;
import dev.millrace.bench.site.Site;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A process that waits to be told to begin; see {@link Signal}. */
final class PeerProcess implements AutoCloseable {
  /** What the launcher gives Millrace, so that heap and collector are nobody's advantage. */
  static final List<String> JVM = List.of("-XX:+UseParallelGC", "-Xms192m", "-Xmx640m");

  private final Process process;
  private final BufferedReader out;
  private final Path errors;
  private final double boot;

  private PeerProcess(Process process, Path errors, long begun) throws IOException {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.errors = errors;
    await(Signal.UP);
    this.boot = (System.nanoTime() - begun) / 1e9;
  }

  /** Returns when it could begin. */
  static PeerProcess start(Site site, Class<?> main, List<String> arguments) throws IOException {
    return start(site, main.getName(), "", JVM, arguments);
  }

  static PeerProcess start(
      Site site, String main, String classpath, List<String> jvm, List<String> arguments)
      throws IOException {
    Path errors = site.directory().resolve("peer.out");
    long begun = System.nanoTime();
    return new PeerProcess(
        JavaProcess.start(main, classpath, jvm, arguments, errors), errors, begun);
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Seconds until it could begin. */
  double boot() {
    return boot;
  }

  void go() throws IOException {
    process.getOutputStream().write((Signal.GO + "\n").getBytes(StandardCharsets.US_ASCII));
    process.getOutputStream().flush();
  }

  /** The line that begins with this, when it was said. */
  String await(String word) throws IOException {
    String line = out.readLine();
    while (line != null && !line.startsWith(word)) {
      line = out.readLine();
    }
    if (line == null) {
      throw new IOException("it ended without " + word + ", see " + errors);
    }
    return line;
  }

  @Override
  public void close() {
    JavaProcess.end(process);
  }
}
