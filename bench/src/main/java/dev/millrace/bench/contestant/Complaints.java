package dev.millrace.bench.contestant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Lines of logs that say that something went wrong, or may have, since a moment. */
final class Complaints {
  private static final Pattern ONE =
      Pattern.compile(
          "\\b(ERROR|FATAL|SEVERE|WARN|WARNING)\\b|^(\\S+\\.)?\\w+(Exception|Error)\\b");
  private static final int SHOWN = 5;

  private final Map<Path, Integer> lines = new LinkedHashMap<>();

  /**
   * @param count of them all
   * @param first some of them
   */
  record Found(int count, List<String> first) {}

  private Complaints() {}

  static Complaints since(List<Path> logs) throws IOException {
    Complaints from = new Complaints();
    for (Path log : logs) {
      from.lines.put(log, read(log).size());
    }
    return from;
  }

  /** A log that is shorter than it was has begun anew, and is read from there. */
  Found found() throws IOException {
    List<String> all = new ArrayList<>();
    for (Map.Entry<Path, Integer> each : lines.entrySet()) {
      List<String> now = read(each.getKey());
      int from = now.size() < each.getValue() ? 0 : each.getValue();
      now.subList(from, now.size()).stream().filter(ONE.asPredicate()).forEach(all::add);
    }
    return new Found(all.size(), all.stream().limit(SHOWN).toList());
  }

  private static List<String> read(Path log) throws IOException {
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }
}
