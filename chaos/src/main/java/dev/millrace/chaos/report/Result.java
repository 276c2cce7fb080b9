package dev.millrace.chaos.report;

import java.util.List;

/**
 * What one round came to; a line of {@code chaos/results/*.jsonl}.
 *
 * @param commit of the sources that were run
 * @param stopped whether the named condition came in time; of a recoverable kind false
 * @param recoverySeconds from the fault's end until everything published by then was in all stores;
 *     of a stopping kind from the fault until the condition
 * @param observations how often a store was looked at during the round
 * @param looksASecond how often the store that was looked at less was, on average; 0 in results
 *     from before it was kept
 * @param seconds that the round took; 0 in results from before it was kept
 * @param wrong what was not as it must be; empty when the round is right
 */
public record Result(
    String commit,
    long seed,
    String kind,
    String at,
    boolean stopping,
    boolean stopped,
    int lost,
    int duplicated,
    int outOfOrder,
    double recoverySeconds,
    long events,
    int observations,
    double looksASecond,
    double seconds,
    List<String> wrong) {

  public boolean right() {
    return wrong.isEmpty();
  }
}
