package dev.millrace.standalone.server;

import io.quarkus.runtime.Application;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Ends everything in order on Ctrl-C, SIGTERM or a normal end, at any moment, and within a bound:
 * first the application, then the servers it uses, then the data directory.
 *
 * <p>One hook for all, because the JVM runs hooks side by side. Whatever hangs is left behind when
 * its time is over: the JVM halts, and processes of our own were ended by then.
 */
public final class Shutdown {
  private static final Duration APPLICATION = Duration.ofMillis(3500);
  private static final Duration SERVERS = Duration.ofMillis(4500);

  /** Longer than a process has until it is killed, see {@code OwnedProcess}. */
  private static final Duration PROCESSES = Duration.ofSeconds(6);

  private static final int TERMINATED = 143;

  private final Deque<Runnable> steps = new ArrayDeque<>();
  private volatile int exitCode = TERMINATED;
  private volatile boolean underWay;

  private Shutdown() {}

  /** From here on the end is in order. */
  public static Shutdown install() {
    Shutdown shutdown = new Shutdown();
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(shutdown::run));
    return shutdown;
  }

  /** Ends the JVM in order, with this code. */
  public void exit(int code) {
    exitCode = code;
    System.exit(code);
  }

  /** To be done at the end, before what was given here earlier. */
  public synchronized void last(Runnable step) {
    steps.push(step);
  }

  private synchronized Deque<Runnable> steps() {
    return new ArrayDeque<>(steps);
  }

  /** Whether the end has begun. */
  public boolean isUnderWay() {
    return underWay;
  }

  private void run() {
    underWay = true;
    within(APPLICATION, Shutdown::stopApplication);
    long began = System.nanoTime();
    Thread processes = begin(Servers::endProcesses);
    within(SERVERS, () -> steps().forEach(Runnable::run));
    join(processes, PROCESSES.minusNanos(System.nanoTime() - began));
    // Another hook that hangs would keep the JVM; nothing is left that it could lose.
    begin(this::halt);
  }

  private static void stopApplication() {
    Application application = Application.currentApplication();
    if (application != null) {
      application.stop();
      application.awaitShutdown();
    }
  }

  private void halt() {
    try {
      Thread.sleep(Duration.ofMillis(500));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(exitCode);
  }

  private static void within(Duration time, Runnable step) {
    join(begin(step), time);
  }

  private static Thread begin(Runnable step) {
    return Thread.ofPlatform().daemon().start(step);
  }

  private static void join(Thread thread, Duration time) {
    try {
      thread.join(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
