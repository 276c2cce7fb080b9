package dev.millrace.chaos.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A bug that a good engineer could make.
 *
 * @param bug in a sentence
 * @param finder who must find it
 */
record Mutant(String name, String bug, Finder finder, Diff diff) {
  private static final String BUG = "bug: ";
  private static final String FOUND_BY = "found by: ";
  private static final String PATCH = ".patch";

  /** All there are in a directory, by name. */
  static List<Mutant> all(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<Mutant> all = new ArrayList<>();
      for (Path file : files.filter(each -> each.toString().endsWith(PATCH)).sorted().toList()) {
        all.add(read(file));
      }
      return all;
    }
  }

  private static Mutant read(Path file) throws IOException {
    String name = file.getFileName().toString().replace(PATCH, "");
    try {
      return parse(name, Files.readAllLines(file));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  /** Before the diff: what the bug is, which may take several lines, and who must find it. */
  static Mutant parse(String name, List<String> lines) {
    int begin = 0;
    while (begin < lines.size() && !lines.get(begin).startsWith("--- ")) {
      begin++;
    }
    String head = String.join(" ", lines.subList(0, begin)).strip();
    int found = head.indexOf(FOUND_BY);
    if (!head.startsWith(BUG) || found < 0) {
      throw new IllegalArgumentException("begins with bug: and then found by:");
    }
    return new Mutant(
        name,
        head.substring(BUG.length(), found).strip(),
        Finder.parse(head.substring(found + FOUND_BY.length()).strip()),
        Diff.parse(lines.subList(begin, lines.size())));
  }
}
