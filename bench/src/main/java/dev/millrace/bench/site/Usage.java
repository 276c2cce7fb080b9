package dev.millrace.bench.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What processes have used, as Linux counts it; not a number elsewhere. */
public final class Usage {
  /** Of {@code /proc/…/stat}; it is 100 on every Linux that JDKs run on. */
  private static final double TICKS_A_SECOND = 100;

  private static final int USER = 11;
  private static final int SYSTEM = 12;
  private static final int ENDED_CHILDREN_USER = 13;
  private static final int ENDED_CHILDREN_SYSTEM = 14;
  private static final List<Integer> ALL =
      List.of(USER, SYSTEM, ENDED_CHILDREN_USER, ENDED_CHILDREN_SYSTEM);

  private Usage() {}

  /** Seconds of processors, of a process, its children, and the children it has seen end. */
  public static double cpu(ProcessHandle process) {
    return Stream.concat(Stream.of(process), process.descendants())
        .mapToDouble(each -> seconds(each.pid(), ALL))
        .sum();
  }

  /** The same of all that this process has started and seen end. */
  public static double cpuOfEnded() {
    return seconds(
        ProcessHandle.current().pid(), List.of(ENDED_CHILDREN_USER, ENDED_CHILDREN_SYSTEM));
  }

  private static double seconds(long pid, List<Integer> counts) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      long ticks = 0;
      for (int each : counts) {
        ticks += Long.parseLong(fields[each]);
      }
      return ticks / TICKS_A_SECOND;
    } catch (IOException goneOrNotLinux) {
      return Files.exists(Path.of("/proc/self/stat")) ? 0 : Double.NaN;
    }
  }

  /** The most memory that a process ever had, in MB. */
  public static double peak(ProcessHandle process) {
    return memory(process, "VmHWM:");
  }

  /** The memory that a process has now, in MB. */
  public static double resident(ProcessHandle process) {
    return memory(process, "VmRSS:");
  }

  private static double memory(ProcessHandle process, String line) {
    try {
      return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
          .filter(each -> each.startsWith(line))
          .mapToDouble(each -> Double.parseDouble(each.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException goneOrNotLinux) {
      return Double.NaN;
    }
  }

  /** Of the last minute: others on the machine are what makes figures worthless. */
  public static double load() {
    return java.lang.management.ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }
}
