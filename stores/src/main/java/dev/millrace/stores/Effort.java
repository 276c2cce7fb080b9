package dev.millrace.stores;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the writes of a sink took so far. The sink's writer tells it, a few times for each batch;
 * anybody may look.
 */
public final class Effort {
  private final AtomicLong encodingNanos = new AtomicLong();
  private final Map<String, Long> ways = new ConcurrentHashMap<>();

  /**
   * From then until now a batch that was being written was put into the store's form, with what
   * {@link Prepared} did not have yet; nobody waited for the store.
   *
   * @param since of {@link System#nanoTime}
   */
  public void encoded(long since) {
    encodingNanos.addAndGet(System.nanoTime() - since);
  }

  /**
   * A batch was written.
   *
   * @param way one of {@link StoreDriver#ways}
   */
  public void wrote(String way) {
    ways.merge(way, 1L, Long::sum);
  }

  public long encodingNanos() {
    return encodingNanos.get();
  }

  /** Batches by the way they were written. */
  public Map<String, Long> ways() {
    return new TreeMap<>(ways);
  }
}
