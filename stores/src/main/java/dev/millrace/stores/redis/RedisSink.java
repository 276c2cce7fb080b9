package dev.millrace.stores.redis;

import dev.millrace.api.correction.EventPlace;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.transform.Outcome;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.stores.Amendment;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.Effort;
import dev.millrace.stores.Fenced;
import dev.millrace.stores.Prepared;
import dev.millrace.stores.Sink;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One worker's grip: takes cursors, writes batches, and tells a new owner from a bad network. */
final class RedisSink implements Sink {

  /** A flush may come beside writes, and the connection takes one exchange at a time. */
  private final Lock lock = new ReentrantLock();

  private final StoreSite site;
  private final Connection connection;
  private final String connectionName;
  private final String run;
  private final Cursors cursors;
  private final RedisKeys keys;
  private final Grip grip;
  private final String deadLetters;
  private final Supplier<RowWriter> rowWriters;
  private final Changes.Expiry expiry;
  private final BatchWriter writer;
  private final Effort effort = new Effort();
  private volatile boolean unflushed = true;

  private RedisSink(StoreSite site, PipelinePlan plan, Connection connection) throws StoreProblem {
    this.site = site;
    this.connection = connection;
    this.run = ServerInfo.of(connection).run();
    this.connectionName = run + "/" + connection.ask("CLIENT", "ID").number();
    this.cursors = new Cursors(plan);
    this.keys = RedisKeys.of(plan);
    this.grip = new Grip(plan.definition(), UUID.randomUUID().toString());
    this.deadLetters = new Bookkeeping(plan.target().store()).deadLetters(plan);
    Optional<Supplier<RowWriter>> packed = PackedHashes.taken(connection, plan, RowFormat.of(plan));
    this.rowWriters = packed.orElse(() -> RowFormat.of(plan));
    this.expiry = new Changes.Expiry(Objects.requireNonNull(plan.target().keys()).ttlSeconds());
    this.writer =
        new BatchWriter(
            connection,
            cursors,
            grip,
            deadLetters,
            packed.isPresent() ? BatchWriter.PACKED : BatchWriter.TRANSACTION,
            effort);
  }

  static RedisSink open(StoreSite site, PipelinePlan plan, String workerId) throws StoreProblem {
    Connection connection =
        Connection.open(site, site.writer(), site.database(), "millrace:" + workerId);
    try {
      return new RedisSink(site, plan, connection);
    } catch (StoreProblem | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public List<Cursor> take(Set<Integer> partitions) throws StoreProblem {
    List<Integer> wanted = List.copyOf(new TreeSet<>(partitions));
    if (wanted.isEmpty()) {
      return List.of();
    }
    // If MULTI were refused later, what follows it would be executed at once.
    connection.ask("MULTI");
    connection.ask("DISCARD");
    List<String> before = cursors.take(connection, wanted, grip.owner(), connectionName);
    Set<Integer> held = new TreeSet<>(grip.partitions());
    held.addAll(wanted);
    try {
      writer.watch(held);
    } catch (IOException e) {
      throw connection.problems().lost(e);
    }
    endConnections(before);
    List<Cursor> taken = new ArrayList<>();
    for (int partition : wanted) {
      Cursor cursor = grip.cursor(partition);
      if (cursor == null) {
        throw cursors.lost(partition);
      }
      taken.add(cursor);
    }
    return taken;
  }

  /** A number of a connection means the same one only in the same run of the server. */
  private void endConnections(List<String> names) throws StoreProblem {
    for (String name : Set.copyOf(names)) {
      String ofThisRun = run + "/";
      if (name.startsWith(ofThisRun) && !name.equals(connectionName)) {
        connection.tryAsk("CLIENT", "KILL", "ID", name.substring(ofThisRun.length()));
      }
    }
  }

  @Override
  public PreparedBatch prepare(Batch batch) {
    return PreparedBatch.of(batch, keys, rowWriters.get(), expiry);
  }

  @Override
  public void write(Prepared prepared) throws Fenced, StoreProblem {
    PreparedBatch batch = (PreparedBatch) prepared;
    if (batch.moves().isEmpty()) {
      return;
    }
    lock.lock();
    unflushed = true;
    try {
      do {
        grip.check(batch.moves());
      } while (!writer.commit(batch));
    } catch (IOException e) {
      throw fencedOr(batch.moves(), connection.problems().lost(e));
    } catch (StoreProblem problem) {
      throw problem.getCause() instanceof IOException ? fencedOr(batch.moves(), problem) : problem;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Set<EventPlace> deadLetters(Collection<EventPlace> places) throws StoreProblem {
    lock.lock();
    try {
      return DeadLetters.at(connection, deadLetters, places).keySet();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void amend(Amendment amendment) throws Fenced, StoreProblem {
    Batch batch = amendment.batch();
    lock.lock();
    unflushed = true;
    try {
      List<String> letters;
      PreparedBatch prepared;
      do {
        grip.check(batch.moves());
        // Only the owner of their partition's cursor changes them, and that is watched.
        Map<EventPlace, String> found = DeadLetters.at(connection, deadLetters, places(amendment));
        if (found.size() != places(amendment).size()) {
          throw new Fenced("a dead letter is not there any more");
        }
        // A right that is missing must show before the first row is written. None is this text.
        connection.ask("LREM", deadLetters, "1", "");
        Batch changed = changed(batch, found);
        letters = leaving(amendment.settled(), changed, found);
        prepared = prepare(changed);
      } while (!writer.commit(prepared, letters));
    } catch (IOException e) {
      throw fencedOr(batch.moves(), connection.problems().lost(e));
    } catch (StoreProblem problem) {
      throw problem.getCause() instanceof IOException ? fencedOr(batch.moves(), problem) : problem;
    } finally {
      lock.unlock();
    }
  }

  /** Those that go and those that get another reason, and so are taken off and put on again. */
  private static Set<EventPlace> places(Amendment amendment) {
    Set<EventPlace> places = new TreeSet<>(amendment.settled());
    for (Batch.Entry entry : amendment.batch().entries()) {
      if (entry.outcome() instanceof Outcome.Dead) {
        places.add(place(entry));
      }
    }
    return places;
  }

  /** Without the letters whose reason is the one they have: they stay where they are. */
  private static Batch changed(Batch batch, Map<EventPlace, String> letters) {
    List<Batch.Entry> entries = new ArrayList<>();
    for (Batch.Entry entry : batch.entries()) {
      if (entry.outcome() instanceof Outcome.Dead dead) {
        DeadLetters.changed(String.valueOf(letters.get(place(entry))), dead)
            .ifPresent(now ->
                entries.add(new Batch.Entry(entry.partition(), entry.offset(), entry.time(), now)));
      } else {
        entries.add(entry);
      }
    }
    return new Batch(entries, batch.moves());
  }

  /** A letter with another reason goes too: it comes again as a new one. */
  private static List<String> leaving(
      Set<EventPlace> settled, Batch changed, Map<EventPlace, String> letters) {
    List<String> leaving = new ArrayList<>();
    settled.forEach(place -> leaving.add(letters.get(place)));
    for (Batch.Entry entry : changed.entries()) {
      if (entry.outcome() instanceof Outcome.Dead) {
        leaving.add(letters.get(place(entry)));
      }
    }
    return leaving;
  }

  private static EventPlace place(Batch.Entry entry) {
    return new EventPlace(entry.partition(), entry.offset());
  }

  /** The connection broke. When a new owner broke it, that is what the caller has to know. */
  private StoreProblem fencedOr(List<Batch.Move> moves, StoreProblem lost) throws Fenced {
    try (Connection fresh = Connection.open(site, site.writer())) {
      for (Batch.Move move : moves) {
        Reply owner = fresh.ask("HMGET", cursors.key(move.partition()), "owner").items().get(0);
        if (!owner.text().equals(grip.owner())) {
          throw new Fenced("partition " + move.partition() + " was taken over");
        }
      }
    } catch (StoreProblem stillAway) {
      return lost;
    }
    return lost;
  }

  @Override
  public void flush() throws Fenced, StoreProblem {
    if (unflushed) {
      unflushed = false;
      AppendFile.await(connection, lock);
    }
    checkUnmoved();
  }

  private void checkUnmoved() throws Fenced, StoreProblem {
    lock.lock();
    try {
      Map<Integer, Cursor> left = grip.cursors();
      writer.watch(left.keySet());
      grip.checkUnmoved(left);
    } catch (IOException e) {
      throw connection.problems().lost(e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean presentKeys(long most, Consumer<StoreKey> each) throws StoreProblem {
    lock.lock();
    try {
      return new KeySpace(connection, keys.before()).presentKeys(keys, most, each);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Effort effort() {
    return effort;
  }

  @Override
  public void close() {
    connection.close();
  }
}
