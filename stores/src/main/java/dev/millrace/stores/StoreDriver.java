package dev.millrace.stores;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.ask.Explanation.WriteWay;
import dev.millrace.api.correction.EventPlace;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.problem.Finding;
import dev.millrace.needs.column.ColumnType;
import dev.millrace.stores.credentials.Credentials;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Provisions stores of one engine. Every method that changes something may be called again after a
 * crash at any point and then finishes the work. Safe to share between threads; blocks.
 */
public interface StoreDriver {

  /** {@code Postgres} or {@code Redis}. */
  String engine();

  /**
   * What this engine cannot do of a plan: names too long, types it lacks, key templates that cannot
   * work. Pure. Pointers lead into the subscription, such as {@code /spec/store/table/name}.
   */
  List<Finding> check(PipelinePlan plan);

  /** The statements that {@link #provision} would run, for people to read before they ask. Pure. */
  String describe(PipelinePlan plan);

  /** How a sink of this engine may write a batch, for people. Pure. */
  List<WriteWay> ways();

  /**
   * Logs in as the writer (or admin, if there is one) and looks whether all that is needed is
   * granted and set.
   *
   * @throws StoreProblem StoreUnavailable, CredentialsRejected, PermissionMissing, StoreUnsuitable
   */
  void probe(StoreSite site) throws StoreProblem;

  /** Creates the database, the bookkeeping and the writer, as far as they are missing. */
  void prepare(StoreSite site) throws StoreProblem;

  /**
   * Creates table or key space, indexes, reader and one cursor for each partition at the plan's
   * start, as far as they are missing. A cursor that exists is never moved.
   *
   * <p>A cursor that exists takes on the plan's definition when that is newer: from then on workers
   * of the older plan are fenced.
   *
   * @param reader none for a shadow
   * @throws StoreProblem TableTaken, KeyPrefixTaken, SchemaRejected, …; then nothing of this
   *     subscription was created
   */
  void provision(StoreSite site, PipelinePlan plan, Reader reader) throws StoreProblem;

  /**
   * Has the reader get in by this login. Of one that is there the password is changed, and sessions
   * with the old one end; {@link Reader#other} of the reader's is made, and may what that may.
   */
  void rotate(StoreSite site, PipelinePlan plan, Credentials reader) throws StoreProblem;

  /**
   * The cursors, read on a fresh connection through the given login (the writer's), flushed before:
   * what this returns no crash of the store takes back.
   *
   * @throws StoreProblem {@code StoreLost} when one is missing
   */
  List<Cursor> cursors(StoreSite site, PipelinePlan plan) throws StoreProblem;

  /**
   * Removes what the subscription has there: reader, cursors, dead letters, and table or keys.
   *
   * @param keepData reclaim policy Retain: table or keys and the reader stay, cursors and dead
   *     letters go
   */
  void withdraw(StoreSite site, PipelinePlan plan, boolean keepData) throws StoreProblem;

  /**
   * What would stand in the way of a swap, named: looked at before anything is stopped for it.
   *
   * @param live the plan that runs
   * @param next the plan that is to run: live's uid and target
   * @throws StoreProblem RebuildBlocked with what is in the way, PermissionMissing, StoreLost, …
   */
  void checkSwap(StoreSite site, PipelinePlan live, PipelinePlan next) throws StoreProblem;

  /**
   * Puts the shadow's content, cursors and dead letters in the place of the live ones, in one step
   * that readers see whole or not at all. Both pipelines rest, at the same offsets, and nobody
   * writes until this has ended. Afterwards the cursors stand under the live uid with next's
   * definition and no owner, holders of an earlier definition are fenced, nothing of the shadow is
   * left, and no crash of the store takes that back.
   *
   * <p>May be called again after a crash at any point. When it has happened already (the live
   * cursors carry next's definition and the shadow has none), nothing happens but that what is left
   * of the shadow goes.
   *
   * @param live the plan that ran
   * @param shadow the plan whose content replaces it, of another uid, provisioned with no reader
   * @param next the plan that runs from now on: live's uid and target, a higher definition
   * @throws StoreProblem nothing was changed, or nobody knows. {@code RebuildBehind} (transient)
   *     when the cursors are not at the same offsets for every partition, {@code TableLocked}
   *     (transient), {@code RebuildBlocked} with what is in the way, {@code RebuildTooLarge},
   *     {@code SchemaRejected}, {@code StoreLost}, …
   */
  void swap(StoreSite site, PipelinePlan live, PipelinePlan shadow, PipelinePlan next)
      throws StoreProblem;

  /**
   * Whether a column becomes one of another type without a look at its rows: they stay what they
   * are, and are what the wider column would hold of the same values. Pure.
   */
  boolean widens(ColumnType from, ColumnType to);

  /**
   * What would stand in the way of {@link #alter}, named: looked at before anything is stopped for
   * it.
   *
   * @throws StoreProblem AlterBlocked with what is in the way, {@code TableLocked} (transient), …
   */
  void checkAlter(StoreSite site, PipelinePlan next) throws StoreProblem;

  /**
   * Has the store take on a plan's columns and definition, in one step and where it is: columns are
   * added, or widened as {@link #widens} says; rows stay. Afterwards the cursors stand where they
   * stood with the plan's definition, holders of an earlier one are fenced, and no crash of the
   * store takes that back. Nobody may be beyond the place since when a column is what it is, or
   * rows behind it would be another plan's.
   *
   * <p>May be called again after a crash at any point, and for a store that was set back to an
   * earlier definition with the same beginning ({@link PipelinePlan#builtAt}).
   *
   * @throws StoreProblem nothing was changed, or nobody knows. {@code AlterBehind} (transient) when
   *     a cursor is beyond such a place, {@code AlterBlocked} with what is in the way, {@code
   *     TableLocked} (transient), {@code DefinitionBehind} when the store was set back to before
   *     the content was built, {@code Fenced}, {@code StoreLost}, …
   */
  void alter(StoreSite site, PipelinePlan next) throws StoreProblem;

  /** Removes database, bookkeeping and writer, as far as Millrace made them. */
  void remove(StoreSite site) throws StoreProblem;

  /**
   * Rows as people see them, column to value, the newest first where the engine knows.
   *
   * @param after {@code next} of the page before; empty for the first
   */
  Page rows(StoreSite site, PipelinePlan plan, int limit, Optional<String> after)
      throws StoreProblem;

  /** Dead letters, the newest first: partition, offset, code, field, message, excerpt, at. */
  Page deadLetters(StoreSite site, PipelinePlan plan, int limit, Optional<String> after)
      throws StoreProblem;

  /**
   * Opens the way to write. Connects.
   *
   * @throws StoreProblem StoreUnavailable, CredentialsRejected, …
   */
  Sink sink(StoreSite site, PipelinePlan plan, String workerId) throws StoreProblem;

  /**
   * What a sink of this plan makes of batches, but that nothing is sent and nothing moves: for code
   * to be compiled before the first store is written to. Needs no store.
   */
  Consumer<Batch> rehearsal(PipelinePlan plan);

  /**
   * Opens the way to read all rows, to compare them with what they should be. Connects.
   *
   * @throws StoreProblem {@code StoreLost} when a cursor is missing, StoreUnavailable, …
   */
  Content content(StoreSite site, PipelinePlan plan) throws StoreProblem;

  /** The dead letters of these events, as {@link #deadLetters} has them, as far as there are. */
  List<JsonNode> deadLettersAt(StoreSite site, PipelinePlan plan, Collection<EventPlace> places)
      throws StoreProblem;

  /**
   * @param next pass as {@code after} to go on; empty at the end
   */
  record Page(List<JsonNode> entries, Optional<String> next) {}
}
