package dev.millrace.standalone.demo;

import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * All the events that one product will ever hold, in order: first its history, then live events
 * without end. The same files and the same seed give the same sequence, so what a topic holds can
 * be told from how many records each of its partitions has. That makes a publication resumable
 * after a kill at any point, and lets the check know every event without having seen it go by.
 */
interface Sequence {

  /** The product's name, without the tenant. */
  String product();

  long historySize();

  /**
   * Goes through the history in order.
   *
   * @param due asked once for the key of every event; only the event of a key that is due is made
   * @param take given each event that was due
   */
  void history(Predicate<byte[]> due, Consumer<Event> take);

  /**
   * A new key, a correction or a deletion; sometimes of a key that is not there, as in life.
   *
   * @param number from 0; a function of seed and number only
   */
  Event live(long number);

  /** The dice for one live event. */
  static SplittableRandom dice(long seed, long number) {
    return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
  }
}
