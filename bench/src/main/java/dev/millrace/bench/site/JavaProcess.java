package dev.millrace.bench.site;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A class of bench as a process of its own. */
public final class JavaProcess {
  private static final Set<Process> STARTED = ConcurrentHashMap.newKeySet();
  private static final long PATIENCE_SECONDS = 15;

  private JavaProcess() {}

  /**
   * Its standard output is the caller's to read.
   *
   * @param classpath empty for bench's own
   * @param errors what it says on standard error is appended to
   */
  public static Process start(
      String main, String classpath, List<String> options, List<String> arguments, Path errors)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-cp");
    command.add(classpath.isEmpty() ? System.getProperty("java.class.path") : classpath);
    command.add(main);
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
            .start();
    STARTED.add(process);
    return process;
  }

  /** Ends one of them and waits for that. */
  public static void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    STARTED.remove(process);
  }

  /** Ends all that live. For the end of the JVM, however it comes. */
  public static void endAll() {
    STARTED.forEach(Process::destroyForcibly);
  }
}
