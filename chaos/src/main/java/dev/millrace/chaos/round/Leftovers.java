package dev.millrace.chaos.round;

import dev.millrace.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a run that was killed left behind: processes and mounts, which would slow the next run. Its
 * files stay, to be looked at. A directory's random name is what tells its processes from others'.
 */
final class Leftovers {
  static final String PREFIX = "millrace-chaos-";
  private static final String OWNER = "owner";

  private Leftovers() {}

  /** Says whose the directory is, before anything is started in it. */
  static void claim(Path directory) throws IOException {
    Files.writeString(directory.resolve(OWNER), Long.toString(ProcessHandle.current().pid()));
  }

  /** Nothing of it runs any more. */
  static void release(Path directory) throws IOException {
    Files.deleteIfExists(directory.resolve(OWNER));
  }

  /**
   * @param parent of the sites' directories
   * @return the directories of which something was left
   */
  static List<Path> end(Path parent) throws IOException, InterruptedException {
    List<Path> left;
    try (Stream<Path> all = Files.list(parent)) {
      left =
          all.filter(each -> each.getFileName().toString().startsWith(PREFIX))
              .filter(Leftovers::abandoned)
              .toList();
    }
    for (Path directory : left) {
      endProcesses(directory);
      unmount(directory);
      release(directory);
    }
    return left;
  }

  private static boolean abandoned(Path directory) {
    try {
      long owner = Long.parseLong(Files.readString(directory.resolve(OWNER)).strip());
      return ProcessHandle.of(owner).filter(ProcessHandle::isAlive).isEmpty();
    } catch (IOException | NumberFormatException nobodySays) {
      return false;
    }
  }

  private static void endProcesses(Path directory) throws IOException {
    ProcessHandle.allProcesses()
        .filter(each -> names(each, directory))
        .forEach(ProcessHandle::destroyForcibly);
    try (Stream<Path> files = Files.find(directory, 3, (file, is) -> isPidFile(file))) {
      files.forEach(file -> EmbeddedPostgres.endOrphan(file.getParent()));
    }
  }

  private static boolean isPidFile(Path file) {
    return file.getFileName().toString().equals("server.pid");
  }

  private static boolean names(ProcessHandle process, Path directory) {
    return Stream.of(process.info().arguments().orElse(new String[0]))
        .anyMatch(argument -> argument.startsWith(directory + "/"));
  }

  private static void unmount(Path directory) throws IOException, InterruptedException {
    Path mounts = Path.of("/proc/mounts");
    if (!Files.exists(mounts)) {
      return;
    }
    for (String line : Files.readAllLines(mounts)) {
      String at = line.split(" ")[1];
      if (at.startsWith(directory + "/")) {
        new ProcessBuilder("umount", "--lazy", at).start().waitFor();
      }
    }
  }
}
