package dev.millrace.needs.filter;

import dev.millrace.needs.event.RawEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What filters have in common, of some events that they all read: for a term that several compare
 * with constants of their own, which event has which value. Made by the one who is the third to ask
 * for it, for to make it costs about as much as to evaluate two filters. Safe for use by several
 * threads.
 *
 * <p>Of a thousand filters each may have terms that nobody shares. So only a few are counted at a
 * time: one that comes while there is no room takes one from the count of each instead (the
 * algorithm of Misra and Gries), and those that many ask for stay.
 */
public final class TermIndexes {
  /** Of fewer events an index saves nothing. */
  private static final int FEWEST_EVENTS = 16;

  private static final int ASKED_OFTEN = 3;
  private static final int MOST_COUNTED = 16;
  private static final int MOST_MADE = 6;

  /** What the counts take, and objects about the indexes. */
  private static final int COUNTS_BYTES = 2_000;

  private final List<@Nullable RawEvent> events;
  private final Map<Term, Integer> asked = new HashMap<>();
  private final Map<Term, TermIndex> made = new HashMap<>();
  private int begun;

  /**
   * @param events null for a tombstone
   */
  public TermIndexes(List<@Nullable RawEvent> events) {
    this.events = events;
  }

  /** What they may come to hold for so many events, in bytes. */
  public static long mostBytes(int events) {
    return isWorthIt(events) ? COUNTS_BYTES + (long) MOST_MADE * TermIndex.BYTES * events : 0;
  }

  private static boolean isWorthIt(int events) {
    return events >= FEWEST_EVENTS && events <= TermIndex.MOST_EVENTS;
  }

  /** How many events there are. */
  int size() {
    return events.size();
  }

  /** Null while there is none. */
  @Nullable TermIndex of(Term term) {
    if (!isWorthIt(events.size())) {
      return null;
    }
    synchronized (this) {
      TermIndex known = made.get(term);
      if (known != null || begun == MOST_MADE || !isAskedOften(term)) {
        return known;
      }
      begun++;
    }
    // Whoever comes meanwhile does without.
    TermIndex index = TermIndex.of(term, events);
    synchronized (this) {
      made.put(term, index);
      asked.remove(term);
    }
    return index;
  }

  private boolean isAskedOften(Term term) {
    Integer before = asked.get(term);
    if (before == null && asked.size() == MOST_COUNTED) {
      asked.replaceAll((each, count) -> count - 1);
      asked.values().removeIf(count -> count == 0);
      return false;
    }
    int now = before == null ? 1 : before + 1;
    asked.put(term, now);
    return now == ASKED_OFTEN;
  }
}
