package dev.millrace.bench.contestant;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one run came to.
 *
 * @param events that were read
 * @param seconds from the beginning of the work to the commit of its last row
 * @param figures all else that was measured, by name; see {@link Figures}
 * @param wrong what was not as it must be; empty when the run counts
 */
public record Attempt(
    long events, double seconds, Map<String, Double> figures, List<String> wrong) {
  public Attempt {
    figures = new TreeMap<>(figures);
    wrong = List.copyOf(wrong);
  }
}
