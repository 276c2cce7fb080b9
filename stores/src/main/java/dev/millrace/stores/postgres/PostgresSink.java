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
  /** Above this COPY wins although it needs more round trips; measured in RATIONALE.md. */
  static final int MOST_IN_ONE_STATEMENT = 500;

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
    this.bulkPut = new BulkPut(connection, table, effort);
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
  public void write(Batch batch) throws Fenced, StoreProblem {
    long began = System.nanoTime();
    Fold fold = Fold.of(batch, table);
    effort.encoded(began);
    lock.lock();
    try {
      if (fold.rows().size() <= MOST_IN_ONE_STATEMENT) {
        atomicWrite.run(fold, fold.rows(), batch.moves());
        effort.wrote(Ways.STATEMENT);
      } else {
        writeLarge(fold, batch.moves());
      }
      moved(batch);
    } catch (SQLException e) {
      throw problems.of(e);
    } finally {
      lock.unlock();
    }
  }

  private void moved(Batch batch) {
    batch
        .moves()
        .forEach(
            move -> stands.computeIfPresent(move.partition(), (partition, at) -> at.after(move)));
  }

  private void writeLarge(Fold fold, List<Batch.Move> moves) throws SQLException, Fenced {
    connection.setAutoCommit(false);
    try {
      atomicWrite.run(fold, List.of(), moves);
      String way = bulkPut.put(fold.rows());
      connection.commit();
      effort.wrote(way);
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
    Fold fold = Fold.of(amendment.batch(), table);
    boolean large = fold.rows().size() > MOST_IN_ONE_STATEMENT;
    lock.lock();
    try {
      connection.setAutoCommit(false);
      atomicWrite.run(
          fold.withoutDead(), large ? List.of() : fold.rows(), amendment.batch().moves());
      if (large) {
        bulkPut.put(fold.rows());
      }
      if (deadLetters.remove(amendment.settled()) != amendment.settled().size()
          || deadLetters.change(fold.dead()) != fold.dead().size()) {
        throw new Fenced("a dead letter is not there any more");
      }
      connection.commit();
      moved(amendment.batch());
    } catch (SQLException e) {
      throw problems.of(e);
    } finally {
      endTransaction();
      lock.unlock();
    }
  }

  @Override
  public void flush() throws Fenced, StoreProblem {
    lock.lock();
    try {
      cursors.makeSure();
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
  public boolean presentKeys(Consumer<StoreKey> each) throws StoreProblem {
    try {
      connection.setAutoCommit(false);
      return new PresentKeys(connection, table).each(each);
    } catch (SQLException e) {
      throw problems.of(e);
    } finally {
      endTransaction();
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
