package dev.millrace.stores.redis;

import dev.millrace.api.ask.Explanation.WriteWay;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Effort;
import dev.millrace.stores.StoreProblem;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
 *       nothing. RESTORE with REPLACE, UNLINK with HSET, and SET cannot fail by what is under the
 *       key.
 *   <li>Only a permission that is withdrawn between queueing and EXEC could let rows fail and the
 *       cursor move. So the last row, the last deletion, the dead letters and the cursors are one
 *       script, in this order, that ends at the first failure: the cursor moves only where what the
 *       batch does could be done.
 *   <li>Every answer is looked at.
 * </ul>
 */
final class BatchWriter {

  static final String TRANSACTION = "Transaction";
  static final String PACKED = "PackedTransaction";

  static final List<WriteWay> WAYS =
      List.of(
          new WriteWay(TRANSACTION, "rows, deletions and the cursor in one MULTI/EXEC"),
          new WriteWay(
              PACKED, "the same, each row as one block that the server takes over (RESTORE)"));

  /** ARGV commands, each after its number of words. Ends at the first that fails. */
  static final String IN_TURN =
      """
      local at = 1
      while at <= #ARGV do
        local words = tonumber(ARGV[at])
        redis.call(unpack(ARGV, at + 1, at + words))
        at = at + words + 1
      end
      """;

  private final Connection connection;
  private final Cursors cursors;
  private final Grip grip;
  private final String deadLetters;
  private final String way;
  private final Effort effort;

  /**
   * @param deadLetters their key
   * @param way one of {@link #WAYS}
   */
  BatchWriter(
      Connection connection,
      Cursors cursors,
      Grip grip,
      String deadLetters,
      String way,
      Effort effort) {
    this.connection = connection;
    this.cursors = cursors;
    this.grip = grip;
    this.deadLetters = deadLetters;
    this.way = way;
    this.effort = effort;
  }

  /** Begins to watch, and shows the grip where the cursors stand. */
  void watch(Set<Integer> partitions) throws IOException, StoreProblem {
    requestWatched(partitions);
    readWatched(partitions);
  }

  /**
   * The grip has checked the batch.
   *
   * @return false when a cursor was touched meanwhile; then nothing was written, and the grip knows
   *     more
   */
  boolean commit(PreparedBatch batch) throws IOException, StoreProblem {
    return commit(batch, List.of());
  }

  /**
   * The same, and takes dead letters off.
   *
   * @param settled as they stand in the list, which was looked at since the cursors are watched
   */
  boolean commit(PreparedBatch batch, List<String> settled) throws IOException, StoreProblem {
    Requests requests = connection.requests();
    Set<Integer> held = grip.partitions();
    requests.command("MULTI");
    int before = requests.commands();
    requests.all(batch.rows());
    writeCursors(requests, batch, settled);
    int queued = requests.commands() - before;
    requests.command("EXEC");
    requestWatched(held);

    Optional<Reply.Failure> refused = connection.firstFailure(1 + queued);
    Replies.Executed executed = connection.executed();
    readWatched(held);
    if (refused.isPresent()) {
      throw connection.problems().refused(refused.get().text());
    }
    return worked(executed, queued);
  }

  private void writeCursors(Requests requests, PreparedBatch batch, List<String> settled)
      throws IOException {
    Requests script = Requests.nested();
    script.words(batch.last());
    DeadLetters.remove(script, deadLetters, settled);
    DeadLetters.append(script, deadLetters, batch.dead());
    for (Batch.Move move : batch.moves()) {
      cursors.move(script, grip.cursor(move.partition()), move);
    }
    int keyCount = batch.lastKeys().size() + 1 + batch.moves().size();
    requests.command(3 + keyCount + script.words());
    requests.word("EVAL");
    requests.word(IN_TURN);
    requests.word(Integer.toString(keyCount));
    batch.lastKeys().forEach(requests::word);
    requests.word(deadLetters);
    batch.moves().forEach(move -> requests.word(cursors.key(move.partition())));
    requests.words(script);
  }

  private boolean worked(Replies.Executed executed, int queued) throws StoreProblem {
    if (executed.refused().isPresent()) {
      throw connection.problems().refused(executed.refused().get().text());
    }
    if (executed.answers() < 0) {
      return false;
    }
    if (executed.answers() != queued) {
      throw connection.problems().refused("EXEC left out answers");
    }
    effort.wrote(way);
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
}
