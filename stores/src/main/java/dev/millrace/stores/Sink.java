package dev.millrace.stores;

import dev.millrace.api.correction.EventPlace;
import dev.millrace.needs.transform.StoreKey;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One worker's grip on one subscription's target; holds a connection, perhaps with others. Used by
 * one thread at a time, but that {@link #flush} and {@link #prepare} may run beside {@link #write}.
 * After any exception but {@link Fenced} close it and open a new one.
 */
public interface Sink extends AutoCloseable {

  /**
   * Takes the partitions over: writes a fresh owner nonce into their cursors, ends a stalled
   * holder's connection where the engine can, and reads where they stand. From here on a write of
   * an earlier holder fails with {@link Fenced}.
   *
   * @throws StoreProblem {@code StoreLost} when a cursor is missing, {@code SourceRecreated} when
   *     it was made for another topic id, {@code Fenced} when the store is at a newer definition
   *     than this sink's plan, {@code DefinitionBehind} when at an older one, {@code
   *     StoreUnavailable}, {@code CredentialsRejected}, …
   */
  List<Cursor> take(Set<Integer> partitions) throws StoreProblem;

  /**
   * Folds a batch and puts it into the store's form, as far as that needs no connection. May run
   * beside {@link #write} of another.
   */
  Prepared prepare(Batch batch);

  /**
   * Stores the changes, dead letters and cursors together: after a crash all are there or none.
   * Need not be flushed to disk on return; the cursor rolls back with the rows.
   *
   * @param prepared by this sink
   * @throws Fenced when a cursor was not at {@code from}, under this owner and definition; nothing
   *     was written
   * @throws StoreProblem nothing was written, or nobody knows: {@link #take} tells
   */
  void write(Prepared prepared) throws Fenced, StoreProblem;

  /** Prepares and writes. */
  default void write(Batch batch) throws Fenced, StoreProblem {
    write(prepare(batch));
  }

  /** Which of these events have a dead letter here. Called between two writes. */
  Set<EventPlace> deadLetters(Collection<EventPlace> places) throws StoreProblem;

  /**
   * Changes rows, dead letters and counts together, as {@link #write} does. Called between two
   * writes.
   *
   * @throws Fenced when a cursor was not where the moves say, under this owner and definition, or a
   *     letter was not there (any more); nothing was written
   * @throws StoreProblem nothing was written, or nobody knows: {@link #take} tells
   */
  void amend(Amendment amendment) throws Fenced, StoreProblem;

  /**
   * Returns once everything written before the call would survive a crash of the store. A write
   * that comes meanwhile may wait. Also looks whether the cursors are where this holder left them,
   * and count what they counted: so a store that was emptied or set back behind an open connection
   * is noticed at rest too.
   *
   * @throws Fenced when a cursor is not where this holder left it
   * @throws StoreProblem when that cannot be made sure
   */
  void flush() throws Fenced, StoreProblem;

  /**
   * Hands over the key of every row there is now, so that the caller can leave out a {@code Leave}
   * of a key that never was there; some perhaps twice. Called after {@link #take}, between two
   * writes.
   *
   * @param most keys that the caller can remember
   * @return false when there are more, or the engine cannot tell at a fair price; then every {@code
   *     Leave} has to be written, whatever was handed over
   */
  boolean presentKeys(long most, Consumer<StoreKey> each) throws StoreProblem;

  /** What its writes took. */
  Effort effort();

  @Override
  void close();
}
