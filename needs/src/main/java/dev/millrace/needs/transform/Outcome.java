package dev.millrace.needs.transform;

import org.jspecify.annotations.Nullable;

/** What one record does to the store. Decided from the record alone, never from its neighbours. */
public sealed interface Outcome {

  /**
   * Upsert: the row replaces the one of this key. Counted as applied.
   *
   * @param row one value for each column that there was at the event's place, of the class its type
   *     of now names; null is SQL null. Columns that came later are the last ones, and are left out
   */
  record Put(StoreKey key, @Nullable Object[] row) implements Outcome {}

  /**
   * Append: one more row. Counted as applied.
   *
   * @param deleted the record was a tombstone: every column is null
   */
  record Add(@Nullable Object[] row, boolean deleted) implements Outcome {}

  /** Upsert: a tombstone; the row of this key goes. Counted as applied. */
  record Delete(StoreKey key) implements Outcome {}

  /**
   * Upsert: the event does not match the filter, so a row that an earlier version of its key left
   * goes. Counted as filtered.
   */
  record Leave(StoreKey key) implements Outcome {}

  /** The event does not match the filter and cannot have left a row. Counted as filtered. */
  record Pass() implements Outcome {}

  /**
   * The event cannot be applied.
   *
   * @param code stable CamelCase word, such as NotJson, KeyMismatch, OutOfRange
   * @param field where, as a dotted path; empty when it is the whole event
   * @param message for people; holds no value of the event
   * @param excerpt at most 200 characters of the event, masked fields left out
   */
  record Dead(String code, String field, String message, String excerpt) implements Outcome {}
}
