package dev.millrace.stores.redis;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.Fenced;
import dev.millrace.stores.Sink;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Writes each batch as one transaction.
 *
 * <p>Redis never takes back what a transaction has done, so a batch must not fail half way, and the
 * cursor must not move if it does:
 *
 * <ul>
 *   <li>The cursors are watched and read at the end of the transaction before. They are compared
 *       here; if one changes until EXEC, nothing of the transaction is executed.
 *   <li>A command that the server would refuse, it refuses when it is queued, and then executes
 *       nothing. UNLINK with HSET, and SET, cannot fail by what is under the key.
 *   <li>Only a permission that is withdrawn between queueing and EXEC could let rows fail and the
 *       cursor move. So the last row, the dead letters and the cursors are one script, in this
 *       order, that ends at the first failure: the cursor moves only where a row could be written.
 *   <li>Every answer is looked at.
 * </ul>
 */
final class RedisSink implements Sink {

  /** ARGV commands, each after its number of words. Ends at the first that fails. */
  private static final String IN_TURN =
      """
      local at = 1
      while at <= #ARGV do
        local words = tonumber(ARGV[at])
        redis.call(unpack(ARGV, at + 1, at + words))
        at = at + words + 1
      end
      """;

  private final StoreSite site;
  private final Connection connection;
  private final String connectionName;
  private final String run;
  private final Cursors cursors;
  private final String deadLetters;
  private final RedisKeys keys;
  private final RowFormat format;
  private final Changes.Expiry expiry;
  private final KeySpace keySpace;
  private final Grip grip;
  private boolean unflushed = true;

  private RedisSink(StoreSite site, PipelinePlan plan, Connection connection) throws StoreProblem {
    this.site = site;
    this.connection = connection;
    this.run = ServerInfo.of(connection).run();
    this.connectionName = run + "/" + connection.ask("CLIENT", "ID").number();
    this.cursors = new Cursors(plan);
    this.deadLetters = new Bookkeeping(plan.target().store()).deadLetters(plan);
    this.keys = RedisKeys.of(plan);
    this.format = RowFormat.of(plan);
    this.expiry = new Changes.Expiry(Objects.requireNonNull(plan.target().keys()).ttlSeconds());
    this.keySpace = new KeySpace(connection, keys.before());
    this.grip = new Grip(plan.definition(), UUID.randomUUID().toString());
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
    // If MULTI were refused later, what follows it would be executed at once.
    connection.ask("MULTI");
    connection.ask("DISCARD");
    List<String> before = cursors.take(connection, wanted, grip.owner(), connectionName);
    Set<Integer> held = new TreeSet<>(grip.partitions());
    held.addAll(wanted);
    try {
      requestWatched(held);
      readWatched(held);
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
  public void write(Batch batch) throws Fenced, StoreProblem {
    if (batch.moves().isEmpty()) {
      return;
    }
    Changes changes = Changes.of(batch, keys);
    unflushed = true;
    try {
      do {
        grip.check(batch.moves());
      } while (!committed(batch, changes));
    } catch (IOException e) {
      throw fencedOr(batch, connection.problems().lost(e));
    } catch (StoreProblem problem) {
      throw problem.getCause() instanceof IOException ? fencedOr(batch, problem) : problem;
    }
  }

  /** False when a cursor was touched meanwhile; then nothing was written. */
  private boolean committed(Batch batch, Changes changes) throws IOException, StoreProblem {
    Requests requests = connection.requests();
    Set<Integer> held = grip.partitions();
    requests.command("MULTI");
    int sentBefore = requests.commands();
    changes.write(requests, format, expiry);
    writeCursors(requests, batch, changes);
    int queued = requests.commands() - sentBefore;
    requests.command("EXEC");
    requestWatched(held);

    Optional<String> refused = firstRefusal(1 + queued);
    Reply executed = connection.read();
    readWatched(held);
    if (refused.isPresent()) {
      throw connection.problems().refused(refused.get());
    }
    return switch (executed) {
      case Reply.Nil touched -> false;
      case Reply.Items all -> allWorked(all.all(), queued);
      case Reply.Failure failure -> throw connection.problems().refused(failure.text());
      case Reply.Text odd -> throw connection.problems().refused("EXEC answered with a text");
      case Reply.Number odd -> throw connection.problems().refused("EXEC answered with a number");
    };
  }

  private void writeCursors(Requests requests, Batch batch, Changes changes) throws IOException {
    Requests script = Requests.nested();
    changes.writeLast(script, format, expiry);
    DeadLetters.append(script, deadLetters, changes.dead());
    for (Batch.Move move : batch.moves()) {
      cursors.move(script, grip.cursor(move.partition()), move);
    }
    List<byte[]> lastKey = changes.lastKey();
    int keyCount = lastKey.size() + 1 + batch.moves().size();
    requests.command(3 + keyCount + script.words());
    requests.word("EVAL");
    requests.word(IN_TURN);
    requests.word(Integer.toString(keyCount));
    lastKey.forEach(requests::word);
    requests.word(deadLetters);
    batch.moves().forEach(move -> requests.word(cursors.key(move.partition())));
    requests.words(script);
  }

  private Optional<String> firstRefusal(int answers) throws StoreProblem {
    Optional<String> first = Optional.empty();
    for (int i = 0; i < answers; i++) {
      if (connection.read() instanceof Reply.Failure failure && first.isEmpty()) {
        first = Optional.of(failure.text());
      }
    }
    return first;
  }

  private boolean allWorked(List<Reply> answers, int expected) throws StoreProblem {
    for (Reply answer : answers) {
      if (answer instanceof Reply.Failure failure) {
        throw connection.problems().refused(failure.text());
      }
    }
    if (answers.size() != expected) {
      throw connection.problems().refused("EXEC left out answers");
    }
    return true;
  }

  private void requestWatched(Set<Integer> partitions) throws IOException {
    Requests requests = connection.requests();
    requests.command(1 + partitions.size());
    requests.word("WATCH");
    partitions.forEach(partition -> requests.word(cursors.key(partition)));
    cursors.request(requests, partitions);
  }

  private void readWatched(Set<Integer> partitions) throws StoreProblem {
    connection.readOk();
    for (int partition : partitions) {
      grip.saw(partition, Cursors.cursor(partition, connection.readOk()));
    }
  }

  /** The connection broke. When a new owner broke it, that is what the caller has to know. */
  private StoreProblem fencedOr(Batch batch, StoreProblem lost) throws Fenced {
    try (Connection fresh = Connection.open(site, site.writer())) {
      for (Batch.Move move : batch.moves()) {
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
  public void flush() throws StoreProblem {
    if (unflushed) {
      AppendFile.await(connection);
      unflushed = false;
    }
  }

  @Override
  public boolean presentKeys(Consumer<StoreKey> each) throws StoreProblem {
    return keySpace.presentKeys(keys, each);
  }

  @Override
  public void close() {
    connection.close();
  }
}
