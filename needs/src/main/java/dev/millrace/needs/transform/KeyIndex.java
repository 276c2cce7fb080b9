package dev.millrace.needs.transform;

import dev.millrace.needs.event.IndexedEvent;
import dev.millrace.needs.event.RawEvent;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Of some events, which have a key as nearly all have, and its digest. */
final class KeyIndex {
  /** What an event takes of it at most. */
  static final int BYTES = Long.BYTES + 1;

  private final KeyReader reader;
  private final BitSet unusual;
  private final long[] digests;

  private KeyIndex(KeyReader reader, BitSet unusual, long[] digests) {
    this.reader = reader;
    this.unusual = unusual;
    this.digests = digests;
  }

  /**
   * @param reader one whose keys can be usual
   */
  static KeyIndex of(SharedEvents events, KeyReader reader) {
    BitSet unusual = new BitSet(events.size());
    long[] digests = new long[events.size()];
    for (int i = 0; i < digests.length; i++) {
      byte[] key = events.key(i);
      if (isUsual(key, events.get(i), reader)) {
        digests[i] = reader.digest(key);
      } else {
        unusual.set(i);
      }
    }
    return new KeyIndex(reader, unusual, digests);
  }

  private static boolean isUsual(
      byte @Nullable [] key, @Nullable RawEvent event, KeyReader reader) {
    if (key == null || event == null || !reader.isUsual(key)) {
      return false;
    }
    IndexedEvent indexed = event.indexed();
    return indexed != null && reader.isSpeltAlike(key, indexed);
  }

  boolean isReadBy(KeyReader other) {
    return reader.isLike(other);
  }

  /** Tombstones, and events that may be dead for their key. Not to be changed. */
  BitSet unusual() {
    return unusual;
  }

  /** Of the store's key of each usual event, where it is not masked. Not to be changed. */
  long[] digests() {
    return digests;
  }
}
