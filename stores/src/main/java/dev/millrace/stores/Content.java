package dev.millrace.stores;

import dev.millrace.needs.transform.StoreKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads all that a store holds of one subscription, and says what it would hold of an event, both
 * as {@link Fingerprint}s, so that the two can be compared. Used by one thread at a time; holds one
 * connection. Writes nothing and locks nobody out: the pipeline goes on meanwhile.
 *
 * <p>Every portion comes with the cursors of its own moment: the rows in it are the effect of
 * exactly the events before them.
 */
public interface Content extends AutoCloseable {

  /** Where the cursors stood when this was opened; in no portion do they stand before that. */
  List<Cursor> cursors();

  /** Pure. */
  KeyDigest key(StoreKey key);

  /**
   * What the row of an event looks like in this store. Pure.
   *
   * @param entry a Put or an Add
   */
  long content(Batch.Entry entry);

  /** The key for people, as {@link Row#name} has it. Pure. */
  String name(StoreKey key);

  /** When the row of an event of this time goes by itself; empty for never. Pure. */
  Optional<Instant> expires(Instant event);

  /** Begins to read all rows, from the start again if that was done before. */
  void begin() throws StoreProblem;

  /**
   * The next rows after {@link #begin}, in any order; empty at the end. A portion may have no rows,
   * so that whoever reads hears of it now and then. A row that stays is among them at least once.
   * One that comes or goes meanwhile may be missed: {@link #look} tells.
   */
  Optional<Portion> next() throws StoreProblem;

  /**
   * Looks at single keys, after all portions. Of those that have no row, none is in the portion.
   */
  Portion look(List<StoreKey> keys) throws StoreProblem;

  @Override
  void close();

  /**
   * @param at where each partition's cursor stood at this very moment
   */
  record Portion(List<Row> rows, Map<Integer, Long> at) {}

  /**
   * @param name the key, for people; cut when it is long
   */
  record Row(KeyDigest key, long content, String name) {}
}
