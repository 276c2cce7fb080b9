package dev.millrace.stores;

import dev.millrace.api.status.Counts;
import dev.millrace.needs.transform.Outcome;
import dev.millrace.needs.transform.StoreKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Stands in for a worker on one partition: says what each record does, one offset after the other,
 * and makes batches of it.
 */
public final class Feed {
  private final int partition;
  private final List<Batch.Entry> entries = new ArrayList<>();
  private long from;
  private long next;
  private Counts delta = Counts.NONE;

  public Feed(int partition) {
    this(partition, 0);
  }

  public Feed(int partition, long next) {
    this.partition = partition;
    this.from = next;
    this.next = next;
  }

  /**
   * @param row the key first
   */
  public Feed put(Object... row) {
    return change(new Outcome.Put(new StoreKey(row[0]), row), new Counts(1, 1, 0, 0, 0));
  }

  /** A row whose key are its first columns. */
  public Feed putKeyed(int keys, Object... row) {
    return change(
        new Outcome.Put(new StoreKey(Arrays.copyOf(row, keys)), row), new Counts(1, 1, 0, 0, 0));
  }

  public Feed add(Object... row) {
    return change(new Outcome.Add(row, false), new Counts(1, 1, 0, 0, 0));
  }

  /** A tombstone in Append. */
  public Feed addDeleted(int columns) {
    return change(new Outcome.Add(new Object[columns], true), new Counts(1, 1, 0, 0, 0));
  }

  public Feed delete(Object... key) {
    return change(new Outcome.Delete(new StoreKey(key)), new Counts(1, 1, 0, 0, 0));
  }

  public Feed leave(Object... key) {
    return change(new Outcome.Leave(new StoreKey(key)), new Counts(1, 0, 1, 0, 0));
  }

  public Feed dead(String code, String field, String message, String excerpt) {
    return change(new Outcome.Dead(code, field, message, excerpt), new Counts(1, 0, 0, 1, 0));
  }

  /** Records that do not concern the store: only the cursor moves over them. */
  public Feed pass(int records) {
    next += records;
    delta = delta.plus(new Counts(records, 0, records, 0, 0));
    return this;
  }

  /** What was said since the last batch. */
  public Batch batch() {
    Batch batch =
        new Batch(
            List.copyOf(entries),
            List.of(new Batch.Move(partition, from, next, Optional.of(3), delta)));
    from = next;
    delta = Counts.NONE;
    entries.clear();
    return batch;
  }

  public static Batch together(Batch... batches) {
    return new Batch(
        Stream.of(batches).flatMap(batch -> batch.entries().stream()).toList(),
        Stream.of(batches).flatMap(batch -> batch.moves().stream()).toList());
  }

  private Feed change(Outcome outcome, Counts counts) {
    Instant time = Instant.parse("2026-11-24T10:00:00Z").plusSeconds(next);
    entries.add(new Batch.Entry(partition, next, time, outcome));
    next++;
    delta = delta.plus(counts);
    return this;
  }
}
