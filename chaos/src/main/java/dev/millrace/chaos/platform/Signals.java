package dev.millrace.chaos.platform;

import java.io.IOException;
import java.util.List;

/** Signals to processes of ours, by their id. */
public final class Signals {
  private Signals() {}

  /** SIGKILL, to a process and all that it started. The parent is stopped first, to start none. */
  public static void killTree(long pid) throws IOException, InterruptedException {
    ProcessHandle root =
        ProcessHandle.of(pid)
            .filter(ProcessHandle::isAlive)
            .orElseThrow(() -> new FaultMissed("there is no process " + pid + " to kill"));
    send("STOP", pid);
    List<ProcessHandle> children = root.descendants().toList();
    send("KILL", pid);
    for (ProcessHandle child : children) {
      child.destroyForcibly();
    }
    root.onExit().join();
    children.forEach(child -> child.onExit().join());
  }

  /** SIGSTOP, to a process and all that it started. */
  public static void freezeTree(long pid) throws IOException, InterruptedException {
    toTree("STOP", pid);
  }

  /** SIGCONT, the same way. */
  public static void thawTree(long pid) throws IOException, InterruptedException {
    toTree("CONT", pid);
  }

  private static void toTree(String signal, long pid) throws IOException, InterruptedException {
    ProcessHandle root =
        ProcessHandle.of(pid)
            .filter(ProcessHandle::isAlive)
            .orElseThrow(() -> new FaultMissed("there is no process " + pid));
    send(signal, pid);
    for (ProcessHandle child : root.descendants().toList()) {
      send(signal, child.pid());
    }
  }

  private static void send(String signal, long pid) throws IOException, InterruptedException {
    if (new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor() != 0
        && ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()) {
      throw new FaultMissed("process " + pid + " did not get " + signal);
    }
  }
}
