package dev.millrace.needs.transform;

import dev.millrace.needs.event.RawEvent;
import dev.millrace.needs.filter.TermIndexes;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Events that follow each other in a log, and what was found out about them by one for all who read
 * them. Safe for use by several threads.
 */
public final class SharedEvents {
  private final List<@Nullable RawEvent> events;
  private final IntFunction<byte @Nullable []> keys;
  private final TermIndexes terms;
  private volatile @Nullable KeyIndex keyIndex;

  /**
   * @param events null for a tombstone; not to be changed any more
   * @param keys the record key of each, null when it has none
   */
  public SharedEvents(List<@Nullable RawEvent> events, IntFunction<byte @Nullable []> keys) {
    this.events = Collections.unmodifiableList(events);
    this.keys = keys;
    this.terms = new TermIndexes(this.events);
  }

  /** What it may come to hold for so many events, beside them, in bytes. */
  public static long mostBytes(int events) {
    long bytes = TermIndexes.mostBytes(events);
    return bytes == 0 ? 0 : bytes + (long) KeyIndex.BYTES * events;
  }

  public int size() {
    return events.size();
  }

  /** Null for a tombstone. */
  public @Nullable RawEvent get(int event) {
    return events.get(event);
  }

  /** Its record key; null when it has none. */
  public byte @Nullable [] key(int event) {
    return keys.apply(event);
  }

  TermIndexes terms() {
    return terms;
  }

  /** Null for a key that is read in another way than that of who came first. */
  @Nullable KeyIndex keys(KeyReader reader) {
    KeyIndex known = keyIndex;
    if (known == null) {
      known = KeyIndex.of(this, reader);
      keyIndex = known;
    }
    return known.isReadBy(reader) ? known : null;
  }
}
