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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Writes one subscription's batches: a small one as a single statement, a large one by COPY. Either
 * way the cursors move first, in the rows' own transaction. So whoever finds a cursor free knows
 * that no earlier holder is in the middle of a batch.
 */
final class PostgresSink implements Sink {
  /** A flush may come beside a write, and the connection takes one at a time. */
  private final Lock lock = new ReentrantLock();

  private final Connection connection;
  private final PipelinePlan plan;
  private final TableShape table;
  private final Problems problems;
  private final String owner;
  private final Cursors cursors;
  private final AtomicWrite atomicWrite;
  private final BulkPut bulkPut;
  private final DeadLetters deadLetters;
  private final Effort effort = new Effort();

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

  private PostgresSink(Connection connection, PipelinePlan plan, Problems problems, String workerId)
      throws SQLException {
    this.connection = connection;
    this.plan = plan;
    this.table = TableShape.of(plan);
    this.problems = problems;
    this.owner = workerId + "/" + UUID.randomUUID();
    this.cursors = new Cursors(connection, plan.uid());
    this.atomicWrite =
        new AtomicWrite(connection, table, plan.uid(), owner, plan.definition(), effort);
    this.bulkPut = new BulkPut(connection, table);
    this.deadLetters = new DeadLetters(connection, plan.uid());
  }

  static PostgresSink open(StoreSite site, PipelinePlan plan, String workerId) throws StoreProblem {
    Problems problems = new Problems(site, site.writer().username());
    try {
      Connection connection =
          Connections.open(
              site,
              site.writer(),
              site.database(),
              Connections.Purpose.WRITE,
              plan.subscription().toString());
      return new PostgresSink(connection, plan, problems, workerId);
    } catch (SQLException e) {
      throw problems.of(e);
    }
  }

  @Override
  public List<Cursor> take(Set<Integer> partitions) throws StoreProblem {
    try {
      connection.setAutoCommit(false);
      List<Cursor> taken = cursors.take(partitions, owner);
      refuse(partitions, taken);
      connection.commit();
      taken.forEach(cursor -> stands.put(cursor.partition(), Stand.of(cursor)));
      return taken;
    } catch (SQLException e) {
      throw problems.of(e);
    } finally {
      endTransaction();
    }
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
    lock.lock();
    try {
      unflushed = true;
      if (batch.copy().isEmpty()) {
        atomicWrite.run(batch.fold(), batch.moves());
        effort.wrote(Ways.STATEMENT);
      } else {
        effort.wrote(commit(batch, batch.fold(), () -> {}));
      }
      moved(batch.moves());
    } catch (SQLException e) {
      throw problems.of(e);
    } finally {
      lock.unlock();
    }
  }

  private void moved(List<Batch.Move> moves) {
    moves.forEach(
        move -> stands.computeIfPresent(move.partition(), (partition, at) -> at.after(move)));
  }

  private interface Deed {
    void run() throws SQLException, Fenced;
  }

  /**
   * In one transaction. A savepoint before the COPY would spare doing the rest again where a key
   * was met, and cost a round trip where none is: for as long as a history is loaded.
   *
   * @param rest comes last
   * @return in which of the {@link Ways}
   */
  private String commit(PreparedBatch batch, Fold fold, Deed rest) throws SQLException, Fenced {
    if (batch.copy().isEmpty()) {
      commit(batch, fold, () -> {}, rest);
      return Ways.STATEMENT;
    }
    CopyRows rows = batch.copy().get();
    boolean tried = bulkPut.mayCopy();
    if (tried) {
      try {
        commit(batch, fold, () -> bulkPut.copy(rows), rest);
        return Ways.COPY;
      } catch (SQLException e) {
        if (!bulkPut.met(e)) {
          throw e;
        }
      }
    }
    commit(batch, fold, () -> bulkPut.merge(rows), rest);
    return tried ? Ways.COPY_THEN_MERGE : Ways.MERGE;
  }

  private void commit(PreparedBatch batch, Fold fold, Deed rows, Deed rest)
      throws SQLException, Fenced {
    connection.setAutoCommit(false);
    try {
      atomicWrite.run(fold, batch.moves());
      rows.run();
      rest.run();
      connection.commit();
    } finally {
      endTransaction();
    }
  }

  @Override
  public Set<EventPlace> deadLetters(Collection<EventPlace> places) throws StoreProblem {
    lock.lock();
    try {
      return deadLetters.at(places).stream()
          .map(letter ->
              new EventPlace(letter.get("partition").asInt(), letter.get("offset").asLong()))
          .collect(Collectors.toSet());
    } catch (SQLException e) {
      throw problems.of(e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void amend(Amendment amendment) throws Fenced, StoreProblem {
    PreparedBatch batch = prepare(amendment.batch());
    Fold fold = batch.fold();
    lock.lock();
    try {
      unflushed = true;
      commit(
          batch,
          fold.withoutDead(),
          () -> {
            if (deadLetters.remove(amendment.settled()) != amendment.settled().size()
                || deadLetters.change(fold.dead()) != fold.dead().size()) {
              throw new Fenced("a dead letter is not there any more");
            }
          });
      moved(batch.moves());
    } catch (SQLException e) {
      throw problems.of(e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void flush() throws Fenced, StoreProblem {
    lock.lock();
    try {
      if (unflushed) {
        cursors.makeSure();
        unflushed = false;
      }
      checkUnmoved();
    } catch (SQLException e) {
      throw problems.of(e);
    } finally {
      lock.unlock();
    }
  }

  private void checkUnmoved() throws SQLException, Fenced {
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

  @Override
  public boolean presentKeys(long most, Consumer<StoreKey> each) throws StoreProblem {
    lock.lock();
    try {
      connection.setAutoCommit(false);
      try {
        return new PresentKeys(connection, table).each(most, each);
      } finally {
        endTransaction();
      }
    } catch (SQLException e) {
      throw problems.of(e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Effort effort() {
    return effort;
  }

  /** After a commit nothing is left to turn back. A broken connection has said so already. */
  private void endTransaction() {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException broken) {
      close();
    }
  }

  @Override
  public void close() {
    boolean idle = lock.tryLock();
    try {
      if (idle) {
        connection.close();
      } else {
        // A farewell would wait behind a write that hangs.
        connection.abort(Runnable::run);
      }
    } catch (SQLException closedEnough) {
      return;
    } finally {
      if (idle) {
        lock.unlock();
      }
    }
  }
}
