package dev.millrace.testcluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders that go with whoever made them. */
final class Folders {
  private Folders() {}

  /** As far as it can; links are not followed. */
  static void delete(Path folder) {
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    } catch (IOException left) {
      return;
    }
    all.forEach(file -> file.toFile().delete());
  }
}
