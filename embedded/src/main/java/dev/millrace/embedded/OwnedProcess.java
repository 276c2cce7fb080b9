package dev.millrace.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server process of ours, written down in a pid file so that a later run can end it should this
 * one be killed. A pid alone may belong to a stranger by then, so its start time must agree too.
 */
public final class OwnedProcess {
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Set<OwnedProcess> RUNNING = ConcurrentHashMap.newKeySet();

  /** Held from before a server is begun until it is known here: none slips past the end. */
  private static final Object STARTING = new Object();

  private static boolean ending;

  private final Process process;
  private final Path pidFile;
  private final String stopSignal;

  private OwnedProcess(Process process, Path pidFile, String stopSignal) {
    this.process = process;
    this.pidFile = pidFile;
    this.stopSignal = stopSignal;
  }

  /**
   * @param stopSignal the signal that ends this server cleanly and at once, such as {@code INT}
   * @param log where its output goes, from the beginning
   */
  static OwnedProcess start(ProcessBuilder builder, Path pidFile, String stopSignal, Path log) {
    synchronized (STARTING) {
      if (ending) {
        throw new ServerFailed("this process is ending, so no server is started any more");
      }
      try {
        Process process =
            builder
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        OwnedProcess owned = new OwnedProcess(process, pidFile, stopSignal);
        RUNNING.add(owned);
        owned.writeDown();
        return owned;
      } catch (IOException e) {
        throw new ServerFailed(
            "cannot start " + builder.command().get(0) + ": " + e.getMessage(), e);
      }
    }
  }

  private void writeDown() {
    try {
      Files.writeString(
          pidFile, process.pid() + " " + stopSignal + " " + startTime(process.toHandle()));
    } catch (IOException e) {
      stop();
      throw new ServerFailed("cannot write " + pidFile + ": " + e.getMessage(), e);
    }
  }

  /**
   * Ends every server process of this JVM at once, also one that is just being started, for which
   * it waits, and lets none start any more. For the end of the JVM.
   */
  public static void endAll() {
    synchronized (STARTING) {
      ending = true;
    }
    RUNNING.stream()
        .map(owned -> Thread.ofVirtual().start(owned::stop))
        .toList()
        .forEach(OwnedProcess::join);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends what an earlier run left behind. */
  static void endOrphan(Path pidFile) {
    try {
      String[] parts = Files.readString(pidFile).strip().split(" ", 3);
      Optional<ProcessHandle> handle = ProcessHandle.of(Long.parseLong(parts[0]));
      if (handle.isPresent() && startTime(handle.get()).equals(parts[2])) {
        end(handle.get(), parts[1]);
      }
      Files.deleteIfExists(pidFile);
    } catch (NoSuchFileException cleanLastTime) {
      return;
    } catch (IOException | RuntimeException e) {
      throw new ServerFailed(
          "cannot read " + pidFile + "; if no other Millrace uses this directory, delete the file",
          e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** The exit code, once it ended by itself. */
  int waitFor() {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      stop();
      Thread.currentThread().interrupt();
      throw new ServerFailed("interrupted while starting", e);
    } finally {
      RUNNING.remove(this);
    }
  }

  long pid() {
    return process.pid();
  }

  void stop() {
    end(process.toHandle(), stopSignal);
    RUNNING.remove(this);
    try {
      Files.deleteIfExists(pidFile);
    } catch (IOException e) {
      System.getLogger("dev.millrace.embedded")
          .log(System.Logger.Level.DEBUG, "pid file stays: " + pidFile, e);
    }
  }

  private static void end(ProcessHandle handle, String signal) {
    if (!handle.isAlive()) {
      return;
    }
    try {
      send(signal, handle);
      handle.onExit().get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | IOException | java.util.concurrent.ExecutionException e) {
      kill(handle);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      kill(handle);
    }
  }

  private static void send(String signal, ProcessHandle handle)
      throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, Long.toString(handle.pid())).start().waitFor();
  }

  /**
   * With its children, of which it can have no more once it is halted: whoever starts a server on
   * the same data finds none of them.
   */
  private static void kill(ProcessHandle handle) {
    try {
      send("STOP", handle);
    } catch (IOException e) {
      System.getLogger("dev.millrace.embedded")
          .log(System.Logger.Level.DEBUG, "killed without being halted: " + handle.pid(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    List<ProcessHandle> all = new ArrayList<>(handle.descendants().toList());
    all.add(handle);
    all.forEach(ProcessHandle::destroyForcibly);
    try {
      CompletableFuture.allOf(
              all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new))
          .get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
      System.getLogger("dev.millrace.embedded")
          .log(System.Logger.Level.WARNING, "still there although killed: " + handle.pid(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** On Linux in ticks since boot: a clock that is set does not move it. */
  private static String startTime(ProcessHandle handle) {
    try {
      String stat = Files.readString(Path.of("/proc/" + handle.pid() + "/stat"));
      return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
    } catch (IOException notLinuxOrGone) {
      return handle.info().startInstant().map(Object::toString).orElse("unknown");
    }
  }
}
