package dev.millrace.bench.site;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * All processes of bench as one group to Linux's scheduler, so that they share the processors as
 * equals. Where it shares them between sessions first ({@code sched_autogroup_enabled}), each
 * connection of Postgres is a session and all that is Java another, and who writes waits for a
 * turn: on two processors 50 to 200 ms at times. That would be measured, and not who writes.
 */
public final class OneGroup {
  private static final String NAME = "millrace-bench";

  private final Path proc;

  /**
   * @param proc where Linux shows its processes
   */
  OneGroup(Path proc) {
    this.proc = proc;
  }

  /**
   * From now on this process and whatever it starts are one group.
   *
   * @return what to tell whoever measures, when that could not be done
   */
  public static Optional<String> enter() {
    return new OneGroup(Path.of("/proc")).entered();
  }

  Optional<String> entered() {
    try {
      if (!sessionsAreGroups()) {
        return Optional.empty();
      }
      Optional<Path> controller = cpuController();
      if (controller.isPresent()) {
        Path group = Files.createDirectories(controller.get().resolve(NAME));
        Files.writeString(
            group.resolve("cgroup.procs"), Long.toString(ProcessHandle.current().pid()));
        return Optional.empty();
      }
    } catch (IOException e) {
      return Optional.of(remedy(e.toString()));
    }
    return Optional.of(remedy("there is no control group for processors to enter"));
  }

  private static String remedy(String why) {
    return "Linux shares the processors between sessions first, so under load latencies are those of"
        + " its scheduler ("
        + why
        + "); `sysctl kernel.sched_autogroup_enabled=0` ends that";
  }

  /** They are for whoever is in no control group of processors. */
  private boolean sessionsAreGroups() throws IOException {
    Path enabled = proc.resolve("sys/kernel/sched_autogroup_enabled");
    return Files.exists(enabled)
        && Files.readString(enabled).strip().equals("1")
        && group().equals("/");
  }

  /** Of processors; lines are as {@code 1:cpu,cpuacct:/}, or {@code 0::/} where all have one. */
  private String group() throws IOException {
    String ofAll = "/";
    for (String line : lines("self/cgroup")) {
      String[] parts = line.split(":", 3);
      if (List.of(parts[1].split(",")).contains("cpu")) {
        return parts[2];
      }
      ofAll = parts[1].isEmpty() ? parts[2] : ofAll;
    }
    return ofAll;
  }

  /** Where control groups of processors are made; of the first kind, which has a place for each. */
  private Optional<Path> cpuController() throws IOException {
    return lines("self/mounts").stream()
        .map(line -> line.split(" "))
        .filter(mount -> mount.length > 3 && mount[2].equals("cgroup"))
        .filter(mount -> List.of(mount[3].split(",")).contains("cpu"))
        .map(mount -> Path.of(mount[1]))
        .findFirst();
  }

  private List<String> lines(String file) throws IOException {
    return Files.readAllLines(proc.resolve(file), StandardCharsets.UTF_8);
  }
}
