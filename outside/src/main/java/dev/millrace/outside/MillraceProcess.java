package dev.millrace.outside;

import dev.millrace.embedded.OwnedProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A command of {@code ./millrace} as a process, with the launcher's options for the JVM. */
public final class MillraceProcess {
  private static final Set<Process> STARTED = ConcurrentHashMap.newKeySet();
  private static final long PATIENCE_SECONDS = 10;

  private MillraceProcess() {}

  /**
   * However this JVM ends, all that it started ends first.
   *
   * @param others that end what they started themselves
   */
  public static void endWithThisJvm(Runnable... others) {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(() -> {
                  endAll();
                  List.of(others).forEach(Runnable::run);
                  OwnedProcess.endAll();
                }));
  }

  private static void endAll() {
    List<Process> alive = STARTED.stream().filter(Process::isAlive).toList();
    alive.forEach(Process::destroy);
    for (Process process : alive) {
      try {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
      }
    }
  }

  /**
   * @param output what it prints is appended to
   * @param further options for its JVM
   */
  public static Process start(File output, List<String> further, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(System.getProperty("millrace.jvm-options", "-Xmx640m").split("\\s+")));
    command.addAll(further);
    command.add("-jar");
    command.add(
        System.getProperty("millrace.jar", "standalone/target/quarkus-app/quarkus-run.jar"));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
            .start();
    STARTED.add(process);
    return process;
  }
}
