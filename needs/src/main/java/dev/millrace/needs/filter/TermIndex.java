package dev.millrace.needs.filter;

import dev.millrace.needs.event.IndexedEvent;
import dev.millrace.needs.event.RawEvent;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A term's number of each of some events, looked up by number. Events for which it has none, or
 * which cannot be read, are among the candidates of everybody.
 */
final class TermIndex {
  /** What an event takes of it at most, in bytes. */
  static final int BYTES = Long.BYTES + Character.BYTES + 1;

  /** Events are numbered by a char. */
  static final int MOST_EVENTS = Character.MAX_VALUE;

  /** In their order. */
  private final long[] numbers;

  /** Whose they are. */
  private final char[] events;

  private final BitSet without;

  private TermIndex(long[] numbers, char[] events, BitSet without) {
    this.numbers = numbers;
    this.events = events;
    this.without = without;
  }

  /**
   * @param events null for a tombstone
   */
  static TermIndex of(Term term, List<@Nullable RawEvent> events) {
    long[] found = new long[events.size()];
    BitSet without = new BitSet(events.size());
    int count = 0;
    for (int i = 0; i < found.length; i++) {
      RawEvent event = events.get(i);
      IndexedEvent indexed = event == null ? null : event.indexed();
      try {
        if (indexed == null) {
          throw Undecided.HERE;
        }
        found[i] = term.number().of(indexed);
        count++;
      } catch (Undecided e) {
        without.set(i);
      }
    }
    return sorted(found, without, count);
  }

  private static TermIndex sorted(long[] found, BitSet without, int count) {
    long[] numbers = new long[count];
    int next = 0;
    for (int i = without.nextClearBit(0); i < found.length; i = without.nextClearBit(i + 1)) {
      numbers[next++] = found[i];
    }
    Arrays.sort(numbers);
    char[] events = new char[count];
    char[] taken = new char[count];
    for (int i = without.nextClearBit(0); i < found.length; i = without.nextClearBit(i + 1)) {
      int first = firstFrom(numbers, found[i]);
      events[first + taken[first]++] = (char) i;
    }
    return new TermIndex(numbers, events, without);
  }

  BitSet among(Ranges wanted) {
    BitSet candidates = (BitSet) without.clone();
    for (Ranges.Range range : wanted.all()) {
      for (int i = firstFrom(numbers, range.from());
          i < numbers.length && numbers[i] <= range.to();
          i++) {
        candidates.set(events[i]);
      }
    }
    return candidates;
  }

  /** Place of the first that is at least so large. */
  private static int firstFrom(long[] numbers, long least) {
    int low = 0;
    int high = numbers.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (numbers[middle] < least) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
