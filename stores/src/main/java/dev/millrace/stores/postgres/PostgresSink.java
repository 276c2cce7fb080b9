package dev.millrace.stores.postgres;

import dev.millrace.api.correction.EventPlace;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.stores.Amendment;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.Definitions;
import dev.millrace.stores.Effort;
import dev.millrace.stores.Fenced;
import dev.millrace.stores.Prepared;
import dev.millrace.stores.Sink;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Writes one subscription's batches: a small one as a single statement, a large one by COPY. Either
 * way the cursors move first, in the rows' own transaction. So whoever finds a cursor free knows
 * that no earlier holder is in the middle of a batch.
 */
final class PostgresSink implements Sink {
  private static final long FEW_KEYS = 20_000;

  private final WriterSessions sessions;
  private final SharedSession session;
  private final StoreSite site;
  private final PipelinePlan plan;
  private final TableShape table;
  private final Problems problems;
  private final String owner;
  private final AtomicWrite atomicWrite;
  private final BulkPut bulkPut;
  private final Effort effort = new Effort();
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Something was written since the last flush, perhaps by an earlier holder. */
  private boolean unflushed = true;

  /** Where this holder left the cursors. */
  private final Map<Integer, Stand> stands = new TreeMap<>();

  private record Stand(long nextOffset, Counts counts) {
    static Stand of(Cursor cursor) {
      return new Stand(cursor.nextOffset(), cursor.counts());
    }

    Stand after(Batch.Move move) {
      return new Stand(move.to(), counts.plus(move.delta()));
    }
  }

  private PostgresSink(
      WriterSessions sessions,
      SharedSession session,
      StoreSite site,
      PipelinePlan plan,
      TableShape table,
      Problems problems,
      String worker) {
    this.sessions = sessions;
    this.session = session;
    this.site = site;
    this.plan = plan;
    this.table = table;
    this.problems = problems;
    this.owner = worker + "/" + UUID.randomUUID();
    this.atomicWrite =
        new AtomicWrite(session, table, plan.uid(), owner, plan.definition(), effort);
    this.bulkPut = new BulkPut(table);
  }

  static PostgresSink open(
      WriterSessions sessions, StoreSite site, PipelinePlan plan, String worker)
      throws StoreProblem {
    TableShape table = TableShape.of(plan);
    Problems problems = new Problems(site, site.writer().username());
    try {
      return new PostgresSink(
          sessions, sessions.join(site, plan, worker), site, plan, table, problems, worker);
    } catch (SQLException e) {
      throw problems.of(e);
    }
  }

  /** A flush may come beside a write, and others write by the same session. */
  private <T, E extends Exception> T inTurn(SharedSession.Use<T, E> use) throws E, StoreProblem {
    try {
      return session.inTurn(
          this,
          connection -> {
            if (closed.get()) {
              throw new SharedSession.Left();
            }
            return use.with(connection);
          });
    } catch (SQLException e) {
      sessions.failed(plan, e);
      throw problems.of(e);
    }
  }

  private interface Deed<E extends Exception> {
    void run() throws SQLException, E;
  }

  /** Within a turn. */
  private <E extends Exception> void inTransaction(Connection connection, Deed<E> deed)
      throws SQLException, E {
    connection.setAutoCommit(false);
    try {
      deed.run();
      connection.commit();
    } finally {
      endTransaction(connection);
    }
  }

  /** After a commit nothing is left to turn back. */
  private void endTransaction(Connection connection) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException broken) {
      session.end();
    }
  }

  @Override
  public List<Cursor> take(Set<Integer> partitions) throws StoreProblem {
    List<Cursor> taken = new ArrayList<>();
    inTurn(connection -> {
      this.<StoreProblem>inTransaction(
          connection,
          () -> {
            taken.addAll(new Cursors(connection, plan.uid()).take(partitions, owner));
            refuse(partitions, taken);
          });
      return taken;
    });
    taken.forEach(cursor -> stands.put(cursor.partition(), Stand.of(cursor)));
    return taken;
  }

  /** What was taken is given back then: the transaction is not committed. */
  private void refuse(Set<Integer> partitions, List<Cursor> taken) throws StoreProblem {
    Set<Integer> missing = new TreeSet<>(partitions);
    taken.forEach(cursor -> missing.remove(cursor.partition()));
    if (!missing.isEmpty()) {
      throw Losses.cursorsMissing(problems, plan, missing);
    }
    for (Cursor cursor : taken) {
      if (!cursor.topicId().equals(plan.source().topicId())) {
        throw Losses.sourceRecreated(problems, plan);
      }
      Definitions.require(plan, cursor.definition());
    }
  }

  @Override
  public PreparedBatch prepare(Batch batch) {
    return PreparedBatch.of(batch, table);
  }

  @Override
  public void write(Prepared prepared) throws Fenced, StoreProblem {
    PreparedBatch batch = (PreparedBatch) prepared;
    this.<String, Fenced>inTurn(connection -> {
      unflushed = true;
      String way = write(connection, batch);
      effort.wrote(way);
      moved(batch.moves());
      sessions.wrote(plan);
      return way;
    });
  }

  private String write(Connection connection, PreparedBatch batch) throws SQLException, Fenced {
    if (batch.copy().isEmpty()) {
      atomicWrite.run(connection, batch.fold(), batch.moves());
      return Ways.STATEMENT;
    }
    return commit(connection, batch, batch.fold(), () -> {});
  }

  private void moved(List<Batch.Move> moves) {
    moves.forEach(
        move -> stands.computeIfPresent(move.partition(), (partition, at) -> at.after(move)));
  }

  /**
   * In one transaction. A savepoint before the COPY would spare doing the rest again where a key
   * was met, and cost a round trip where none is: for as long as a history is loaded.
   *
   * @param rest comes last
   * @return in which of the {@link Ways}
   */
  private String commit(Connection connection, PreparedBatch batch, Fold fold, Deed<Fenced> rest)
      throws SQLException, Fenced {
    if (batch.copy().isEmpty()) {
      commit(connection, batch, fold, () -> {}, rest);
      return Ways.STATEMENT;
    }
    CopyRows rows = batch.copy().get();
    boolean tried = bulkPut.mayCopy();
    if (tried) {
      try {
        commit(connection, batch, fold, () -> bulkPut.copy(connection, rows), rest);
        return Ways.COPY;
      } catch (SQLException e) {
        if (!bulkPut.met(e)) {
          throw e;
        }
      }
    }
    commit(connection, batch, fold, () -> bulkPut.merge(connection, rows), rest);
    return tried ? Ways.COPY_THEN_MERGE : Ways.MERGE;
  }

  private void commit(
      Connection connection, PreparedBatch batch, Fold fold, Deed<Fenced> rows, Deed<Fenced> rest)
      throws SQLException, Fenced {
    inTransaction(
        connection,
        () -> {
          atomicWrite.run(connection, fold, batch.moves());
          rows.run();
          rest.run();
        });
  }

  @Override
  public Set<EventPlace> deadLetters(Collection<EventPlace> places) throws StoreProblem {
    return inTurn(connection -> new DeadLetters(connection, plan.uid()).at(places)).stream()
        .map(letter ->
            new EventPlace(letter.get("partition").asInt(), letter.get("offset").asLong()))
        .collect(Collectors.toSet());
  }

  @Override
  public void amend(Amendment amendment) throws Fenced, StoreProblem {
    PreparedBatch batch = prepare(amendment.batch());
    Fold fold = batch.fold();
    this.<String, Fenced>inTurn(connection -> {
      unflushed = true;
      DeadLetters letters = new DeadLetters(connection, plan.uid());
      String way =
          commit(
              connection,
              batch,
              fold.withoutDead(),
              () -> {
                if (letters.remove(amendment.settled()) != amendment.settled().size()
                    || letters.change(fold.dead()) != fold.dead().size()) {
                  throw new Fenced("a dead letter is not there any more");
                }
              });
      moved(batch.moves());
      return way;
    });
  }

  @Override
  public void flush() throws Fenced, StoreProblem {
    this.<Boolean, Fenced>inTurn(connection -> {
      Cursors cursors = new Cursors(connection, plan.uid());
      if (unflushed) {
        cursors.makeSure();
        unflushed = false;
      }
      checkUnmoved(cursors);
      return true;
    });
  }

  private void checkUnmoved(Cursors cursors) throws SQLException, Fenced {
    Map<Integer, Stand> expected = new TreeMap<>(stands);
    for (Cursor cursor : cursors.all()) {
      boolean left = Stand.of(cursor).equals(stands.get(cursor.partition()));
      if (left && cursor.owner().equals(owner)) {
        expected.remove(cursor.partition());
      }
    }
    if (!expected.isEmpty()) {
      throw new Fenced("not where this holder left them: partitions " + expected.keySet());
    }
  }

  /** Few are read in a turn; for many, others would wait. */
  @Override
  public boolean presentKeys(long most, Consumer<StoreKey> each) throws StoreProblem {
    if (inTurn(connection -> present(connection, Math.min(most, FEW_KEYS), each))) {
      return true;
    }
    if (most <= FEW_KEYS) {
      return false;
    }
    try (Connection own =
        Connections.open(
            site, site.writer(), site.database(), Connections.Purpose.READ, "reading")) {
      return present(own, most, each);
    } catch (SQLException e) {
      throw problems.of(e);
    }
  }

  private boolean present(Connection connection, long most, Consumer<StoreKey> each)
      throws SQLException {
    connection.setAutoCommit(false);
    try {
      return new PresentKeys(connection, table).each(most, each);
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  @Override
  public Effort effort() {
    return effort;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      session.leave(
          this,
          connection -> {
            atomicWrite.close();
            bulkPut.close(connection);
          });
    }
  }
}
