package dev.millrace.provisioner.verify;

import dev.millrace.api.ask.Verification;
import dev.millrace.stores.KeyDigest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the stream says that a store holds, and what was found there: 32 bytes for each key, in
 * tables of primitive numbers. When the budget does not suffice for all keys, it keeps the lower
 * half of those it covers and leaves the others to a later round, so a store of any size is
 * compared within the same memory. Not safe for use by several threads.
 */
final class Expected {
  static final int SEGMENTS = 256;
  private static final int SMALLEST = 64;

  /** Key (two numbers), content, and {@link #meta}, which is 0 in a free slot. */
  private static final int WORDS = 4;

  private static final int SLOT_BYTES = WORDS * Long.BYTES;
  private static final int MOST_EXAMPLES = 20;

  /** Said by the stream, not found yet. */
  private static final int AWAITED = 1;

  /** As before, and about to be looked for by its key. */
  private static final int SOUGHT = 2;

  /** Judged. What comes of the key later is behind the moment of the comparison. */
  private static final int JUDGED = 3;

  /** The stream says that there is no such row; kept only while the stream is incomplete. */
  private static final int ABSENT = 4;

  /** The key's events lie in several partitions, which have no order among them. */
  private static final int DOUBTFUL = 5;

  private static final int STATE_BITS = 3;
  private static final int PARTITION_BITS = 15;
  static final int MOST_PARTITIONS = 1 << PARTITION_BITS;

  private final long budgetBytes;
  private final boolean incomplete;
  private final int from;
  private int to;
  private final long[] @Nullable [] segments = new long[SEGMENTS][];
  private final int[] sizes = new int[SEGMENTS];
  private final long[][] counts = new long[SEGMENTS][Judgement.values().length];
  private final Map<Judgement, List<Example>> examples = new EnumMap<>(Judgement.class);
  private long slots;

  private record Example(int segment, String name) {}

  /**
   * @param incomplete the stream does not have all the events any more
   * @param from the first segment of keys to cover
   * @param to the segment after the last
   */
  Expected(long budgetBytes, boolean incomplete, int from, int to) {
    this.budgetBytes = budgetBytes;
    this.incomplete = incomplete;
    this.from = from;
    this.to = to;
    for (int segment = from; segment < to; segment++) {
      segments[segment] = new long[SMALLEST * WORDS];
      slots += SMALLEST;
    }
    for (Judgement each : Judgement.values()) {
      examples.put(each, new ArrayList<>());
    }
  }

  /** What is covered ends here; it moves down when the budget is used up. */
  int end() {
    return to;
  }

  boolean covers(KeyDigest key) {
    int segment = segment(key);
    return segment >= from && segment < to;
  }

  // What the stream says.

  void put(KeyDigest key, long content, int partition, long offset) {
    if (!covers(key)) {
      return;
    }
    long[] table = table(key);
    int at = slot(table, key);
    if (table[at + 3] == 0) {
      insert(key, content, meta(AWAITED, partition, offset));
    } else {
      int state = state(table[at + 3]);
      boolean elsewhere = partition(table[at + 3]) != partition && state != JUDGED;
      table[at + 2] = content;
      table[at + 3] =
          meta(elsewhere ? DOUBTFUL : state == ABSENT ? AWAITED : state, partition, offset);
    }
  }

  void remove(KeyDigest key, int partition, long offset) {
    if (!covers(key)) {
      return;
    }
    long[] table = table(key);
    int at = slot(table, key);
    if (table[at + 3] == 0) {
      if (incomplete) {
        insert(key, 0, meta(ABSENT, partition, offset));
      }
      return;
    }
    int state = state(table[at + 3]);
    if (state == JUDGED || state == DOUBTFUL || partition(table[at + 3]) != partition) {
      table[at + 3] = meta(state == JUDGED ? JUDGED : DOUBTFUL, partition, offset);
    } else if (incomplete) {
      table[at + 3] = meta(ABSENT, partition, offset);
    } else {
      free(table, at);
      sizes[segment(key)]--;
    }
  }

  // What the store has.

  void found(KeyDigest key, long content, String name) {
    if (!covers(key)) {
      return;
    }
    long[] table = table(key);
    int at = slot(table, key);
    if (table[at + 3] == 0) {
      judge(key, incomplete ? Judgement.UNDECIDED : Judgement.ADDITIONAL, name);
      insert(key, 0, meta(JUDGED, 0, 0));
      return;
    }
    switch (state(table[at + 3])) {
      case JUDGED -> {
        // Handed over twice.
      }
      case DOUBTFUL -> judged(table, at, key, Judgement.UNDECIDED, name);
      case ABSENT -> judged(table, at, key, Judgement.ADDITIONAL, name);
      default ->
          judged(
              table, at, key, table[at + 2] == content ? Judgement.EQUAL : Judgement.CHANGED, name);
    }
  }

  /** The store was asked for the key and has none. */
  void notFound(KeyDigest key, String name) {
    if (!covers(key)) {
      return;
    }
    long[] table = table(key);
    int at = slot(table, key);
    switch (state(table[at + 3])) {
      case AWAITED, SOUGHT -> judged(table, at, key, Judgement.MISSING, name);
      case DOUBTFUL -> judged(table, at, key, Judgement.UNDECIDED, name);
      default -> {
        // It went, or was judged before.
      }
    }
  }

  /**
   * Whether the key has to be looked for: the stream says it, and it was not handed over. True once
   * for each key.
   */
  boolean seek(KeyDigest key) {
    if (!covers(key)) {
      return false;
    }
    long[] table = table(key);
    int at = slot(table, key);
    int state = state(table[at + 3]);
    if (state != AWAITED) {
      return false;
    }
    table[at + 3] = table[at + 3] - AWAITED + SOUGHT;
    return true;
  }

  /** Whether this event is still the last one of its key. */
  boolean isLast(KeyDigest key, int partition, long offset) {
    if (!covers(key)) {
      return false;
    }
    long[] table = table(key);
    long meta = table[slot(table, key) + 3];
    return meta != 0 && partition(meta) == partition && offset(meta) == offset;
  }

  /** For each partition the first offset that a key to be looked for comes from. */
  Map<Integer, Long> firstAwaited() {
    Map<Integer, Long> first = new HashMap<>();
    for (int segment = from; segment < to; segment++) {
      long[] table = segments[segment];
      for (int at = 3; at < table.length; at += WORDS) {
        if (state(table[at]) == AWAITED) {
          first.merge(partition(table[at]), offset(table[at]), Math::min);
        }
      }
    }
    return first;
  }

  /** Keys that nobody can say anything of and that were not handed over either. */
  long doubtful() {
    long doubtful = 0;
    for (int segment = from; segment < to; segment++) {
      long[] table = segments[segment];
      for (int at = 3; at < table.length; at += WORDS) {
        doubtful += state(table[at]) == DOUBTFUL ? 1 : 0;
      }
    }
    return doubtful;
  }

  Verification.Keys keys(Judgement judgement) {
    long count = 0;
    for (int segment = from; segment < to; segment++) {
      count += counts[segment][judgement.ordinal()];
    }
    return new Verification.Keys(
        count, examples.get(judgement).stream().map(Example::name).toList());
  }

  private void judged(long[] table, int at, KeyDigest key, Judgement judgement, String name) {
    judge(key, judgement, name);
    table[at + 3] = meta(JUDGED, partition(table[at + 3]), offset(table[at + 3]));
  }

  private void judge(KeyDigest key, Judgement judgement, String name) {
    counts[segment(key)][judgement.ordinal()]++;
    List<Example> some = examples.get(judgement);
    if (judgement != Judgement.EQUAL && some.size() < MOST_EXAMPLES) {
      some.add(new Example(segment(key), name));
    }
  }

  // The tables: open addressing, the next free slot; no slot is left behind by what is removed.

  private void insert(KeyDigest key, long content, long meta) {
    int segment = segment(key);
    long[] table = segments[segment];
    if ((sizes[segment] + 1) * 4 > table.length / WORDS * 3) {
      makeRoom(segment);
      if (!covers(key)) {
        return;
      }
      table = segments[segment];
    }
    int at = slot(table, key);
    table[at] = key.high();
    table[at + 1] = key.low();
    table[at + 2] = content;
    table[at + 3] = meta;
    sizes[segment]++;
  }

  /** While a table grows, both are there. One segment alone has to find its room. */
  private void makeRoom(int segment) {
    int more = segments[segment].length / WORDS * 2;
    while ((slots + more) * SLOT_BYTES > budgetBytes && to - from > 1) {
      giveUpHalf();
      if (segment >= to) {
        return;
      }
    }
    long[] old = segments[segment];
    long[] larger = new long[more * WORDS];
    for (int at = 0; at < old.length; at += WORDS) {
      if (old[at + 3] != 0) {
        int free = slot(larger, old[at], old[at + 1]);
        System.arraycopy(old, at, larger, free, WORDS);
      }
    }
    segments[segment] = larger;
    slots += more - old.length / WORDS;
  }

  private void giveUpHalf() {
    int middle = from + (to - from) / 2;
    for (int segment = middle; segment < to; segment++) {
      slots -= segments[segment].length / WORDS;
      segments[segment] = null;
    }
    to = middle;
    examples.values().forEach(some -> some.removeIf(example -> example.segment() >= middle));
  }

  private static void free(long[] table, int hole) {
    int mask = table.length - 1;
    int at = hole;
    while (true) {
      at = (at + WORDS) & mask;
      if (table[at + 3] == 0) {
        break;
      }
      int home = home(table, table[at + 1]);
      // Only what would not be found across the hole any more moves into it.
      boolean staysFindable = hole <= at ? hole < home && home <= at : hole < home || home <= at;
      if (!staysFindable) {
        System.arraycopy(table, at, table, hole, WORDS);
        hole = at;
      }
    }
    table[hole + 3] = 0;
  }

  private long[] table(KeyDigest key) {
    return segments[segment(key)];
  }

  private static int segment(KeyDigest key) {
    return (int) (key.high() >>> 56);
  }

  private static int slot(long[] table, KeyDigest key) {
    return slot(table, key.high(), key.low());
  }

  /** Where the key is, or else where it would be. */
  private static int slot(long[] table, long high, long low) {
    int mask = table.length - 1;
    int at = home(table, low);
    while (table[at + 3] != 0 && (table[at] != high || table[at + 1] != low)) {
      at = (at + WORDS) & mask;
    }
    return at;
  }

  /** The length is a power of two. */
  private static int home(long[] table, long low) {
    return ((int) low & (table.length / WORDS - 1)) * WORDS;
  }

  private static long meta(int state, int partition, long offset) {
    return state | (long) partition << STATE_BITS | offset << STATE_BITS + PARTITION_BITS;
  }

  private static int state(long meta) {
    return (int) meta & (1 << STATE_BITS) - 1;
  }

  private static int partition(long meta) {
    return (int) (meta >>> STATE_BITS) & MOST_PARTITIONS - 1;
  }

  private static long offset(long meta) {
    return meta >>> STATE_BITS + PARTITION_BITS;
  }
}
