package dev.millrace.needs.event;

import org.jspecify.annotations.Nullable;

/**
 * The bytes of a record, which many subscriptions read: the first scans them, the others find the
 * index. Safe to share between threads; two that come at once may both scan.
 */
public final class RawEvent {
  /** The index of an event takes at most this, or half as much as its bytes. */
  private static final int SMALL_INDEX_BYTES = 64;

  /** Objects, and references to them, beside the index itself. */
  private static final int OBJECT_BYTES = 72;

  private static final Object NOT_SCANNABLE = new Object();

  private final byte[] bytes;

  /** Null, {@link #NOT_SCANNABLE}, an {@link IndexedEvent} or an {@link EventFailed}. */
  private volatile @Nullable Object known;

  public RawEvent(byte[] bytes) {
    this.bytes = bytes;
  }

  /** As one that the scanner leaves to the tree, to hold both ways against each other. */
  static RawEvent unscanned(byte[] bytes) {
    RawEvent event = new RawEvent(bytes);
    event.known = NOT_SCANNABLE;
    return event;
  }

  /** What it may come to hold beside its bytes, for those who count memory. */
  public static int mostBytes(int valueBytes) {
    return OBJECT_BYTES + (valueBytes < Entry.MOST_BYTES ? mostIndexBytes(valueBytes) : 0);
  }

  private static int mostIndexBytes(int valueBytes) {
    return SMALL_INDEX_BYTES + valueBytes / 2;
  }

  public byte[] bytes() {
    return bytes;
  }

  /**
   * @throws EventFailed when they are no JSON object, in the words of a dead letter
   */
  public Event read() throws EventFailed {
    Object found = known;
    if (found instanceof IndexedEvent event) {
      return event;
    }
    if (found instanceof EventFailed failed) {
      throw failed;
    }
    IndexedEvent scanned = found == null ? scanned() : null;
    return scanned == null ? parsed() : scanned;
  }

  /** The same, when it can be had without parsing; null otherwise. */
  public @Nullable IndexedEvent indexed() {
    Object found = known;
    return found instanceof IndexedEvent event ? event : found == null ? scanned() : null;
  }

  private @Nullable IndexedEvent scanned() {
    long[] index = Scanner.index(bytes);
    if (index == null) {
      known = NOT_SCANNABLE;
      return null;
    }
    IndexedEvent event = new IndexedEvent(bytes, index);
    // An event of many tiny fields is scanned each time rather than held in twice its bytes.
    if (index.length * Long.BYTES <= mostIndexBytes(bytes.length)) {
      known = event;
    }
    return event;
  }

  private Event parsed() throws EventFailed {
    try {
      return new TreeEvent(TreeReader.read(bytes));
    } catch (EventFailed e) {
      known = e;
      throw e;
    }
  }
}
