package dev.millrace.chaos.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A unified diff of one file. Its line numbers are not looked at: what a hunk takes away, with the
 * lines around it, must stand in the file exactly once. So a patch goes on to fit when the file
 * changes elsewhere, and never goes to another place than it was made for.
 *
 * @param path of the file, from the top of the repository
 */
record Diff(String path, List<Hunk> hunks) {

  /** What stands there before and after. */
  record Hunk(List<String> before, List<String> after) {}

  Diff {
    hunks = List.copyOf(hunks);
    if (hunks.isEmpty()) {
      throw new IllegalArgumentException("the patch of " + path + " changes nothing");
    }
  }

  /**
   * @param lines from the line that begins with {@code ---}
   */
  static Diff parse(List<String> lines) {
    if (lines.size() < 2 || !lines.get(0).startsWith("--- a/")) {
      throw new IllegalArgumentException("a unified diff begins with --- a/PATH and +++ b/PATH");
    }
    String path = lines.get(0).substring("--- a/".length());
    if (!lines.get(1).equals("+++ b/" + path)) {
      throw new IllegalArgumentException("a patch changes one file: " + path);
    }
    List<Hunk> hunks = new ArrayList<>();
    for (String line : lines.subList(2, lines.size())) {
      if (line.startsWith("@@ ")) {
        hunks.add(new Hunk(new ArrayList<>(), new ArrayList<>()));
      } else if (hunks.isEmpty()) {
        throw new IllegalArgumentException("a hunk begins with @@: " + line);
      } else {
        add(hunks.get(hunks.size() - 1), line);
      }
    }
    return new Diff(path, hunks);
  }

  private static void add(Hunk hunk, String line) {
    String text = line.isEmpty() ? "" : line.substring(1);
    switch (line.isEmpty() ? ' ' : line.charAt(0)) {
      case ' ' -> {
        hunk.before().add(text);
        hunk.after().add(text);
      }
      case '-' -> hunk.before().add(text);
      case '+' -> hunk.after().add(text);
      default -> throw new IllegalArgumentException("no line of a hunk: " + line);
    }
  }

  /** The first directory: the Maven module. */
  String module() {
    return path.substring(0, path.indexOf('/'));
  }

  /**
   * Changes the file below a copy's top.
   *
   * @throws DoesNotApply and then nothing is changed
   */
  void apply(Path top) throws IOException, DoesNotApply {
    Path file = top.resolve(path);
    if (!Files.isRegularFile(file)) {
      throw new DoesNotApply("there is no file " + path);
    }
    Files.write(file, applied(Files.readAllLines(file)));
  }

  List<String> applied(List<String> lines) throws DoesNotApply {
    List<String> changed = new ArrayList<>(lines);
    for (Hunk hunk : hunks) {
      int at = Collections.indexOfSubList(changed, hunk.before());
      if (at < 0 || Collections.lastIndexOfSubList(changed, hunk.before()) != at) {
        throw new DoesNotApply(
            path
                + (at < 0 ? " has no longer" : " has more than once")
                + " the lines around "
                + hunk.before().stream()
                    .filter(line -> !hunk.after().contains(line))
                    .findFirst()
                    .orElse(hunk.before().get(0))
                    .strip());
      }
      List<String> place = changed.subList(at, at + hunk.before().size());
      place.clear();
      place.addAll(hunk.after());
    }
    return changed;
  }

  /** The sources are not those that the patch was made for. */
  static final class DoesNotApply extends Exception {
    private static final long serialVersionUID = 1L;

    DoesNotApply(String message) {
      super(message);
    }
  }
}
