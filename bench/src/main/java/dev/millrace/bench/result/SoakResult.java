package dev.millrace.bench.result;

import java.util.List;

/**
 * One soak; a line of {@code bench/results/soak/*.jsonl}.
 *
 * @param commit of the sources
 * @param at when it began
 * @param seconds for which events were published
 * @param subscriptions that got them
 * @param keys that the events have, in turns
 * @param sustained the highest rate at which events are in time, as measured or as given
 * @param rate events a second that were published
 * @param events that were published in the time
 * @param samples in the order of time
 * @param restarts how often a worker took a partition again, or ended
 * @param errors how many lines of logs say that something went wrong
 * @param firstErrors of them
 * @param processors of the machine
 * @param wrong what was not as it must be in the end; empty when all content was right
 */
public record SoakResult(
    String commit,
    String at,
    double seconds,
    int subscriptions,
    long keys,
    int sustained,
    int rate,
    long events,
    List<Sample> samples,
    int restarts,
    int errors,
    List<String> firstErrors,
    int processors,
    List<String> wrong) {

  /**
   * What was seen in one interval. Figures that are not known are not numbers.
   *
   * @param second at its end
   * @param resident memory of the worker, in MB
   * @param heap of the worker behind a full collection, in MB
   * @param p50 from when an event was due until it was visible, in milliseconds
   * @param self the worker's CPU in percent of one processor
   * @param load of the machine
   */
  public record Sample(
      double second,
      double resident,
      double heap,
      double p50,
      double p99,
      double self,
      double store,
      double load) {}
}
