package dev.millrace.bench.result;

import java.util.List;
import java.util.Map;

/**
 * One run; a line of {@code bench/results/*.jsonl}.
 *
 * @param commit of the sources
 * @param at when it began
 * @param session of all runs that one command made
 * @param scenario what was done, and
 * @param contestant by whom
 * @param round within its session; only runs of one round are compared
 * @param events that were read
 * @param seconds to the commit of the last row
 * @param figures see {@link dev.millrace.bench.contestant.Figures}
 * @param loadBefore of the machine, in the minute before
 * @param processors of the machine
 * @param wrong empty when all content was right; otherwise the run does not count
 */
public record Result(
    String commit,
    String at,
    String session,
    String scenario,
    String contestant,
    int round,
    long events,
    double seconds,
    Map<String, Double> figures,
    double loadBefore,
    int processors,
    List<String> wrong) {

  public boolean right() {
    return wrong.isEmpty();
  }

  /** Events a second. */
  public double rate() {
    return events / seconds;
  }

  /** Not a number where it was not measured. */
  public double figure(String name) {
    return figures.getOrDefault(name, Double.NaN);
  }
}
