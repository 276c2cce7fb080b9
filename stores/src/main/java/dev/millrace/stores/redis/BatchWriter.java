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
 *       nothing. UNLINK with HSET, and SET, cannot fail by what is under the key.
 *   <li>Only a permission that is withdrawn between queueing and EXEC could let rows fail and the
 *       cursor move. So the last row, the dead letters and the cursors are one script, in this
 *       order, that ends at the first failure: the cursor moves only where a row could be written.
 *   <li>Every answer is looked at.
 * </ul>
 */
final class BatchWriter {

  private static final String TRANSACTION = "Transaction";

  static final List<WriteWay> WAYS =
      List.of(new WriteWay(TRANSACTION, "rows, deletions and the cursor in one MULTI/EXEC"));

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
  private final RowFormat format;
  private final Changes.Expiry expiry;
  private final Effort effort;

  /**
   * @param deadLetters their key
   */
  BatchWriter(
      Connection connection,
      Cursors cursors,
      Grip grip,
      String deadLetters,
      RowFormat format,
      Changes.Expiry expiry,
      Effort effort) {
    this.connection = connection;
    this.cursors = cursors;
    this.grip = grip;
    this.deadLetters = deadLetters;
    this.format = format;
    this.expiry = expiry;
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
  boolean commit(Batch batch, Changes changes) throws IOException, StoreProblem {
    return commit(batch, changes, List.of());
  }

  /**
   * The same, and takes dead letters off.
   *
   * @param settled as they stand in the list, which was looked at since the cursors are watched
   */
  boolean commit(Batch batch, Changes changes, List<String> settled)
      throws IOException, StoreProblem {
    long began = System.nanoTime();
    Requests requests = connection.requests();
    long sendingBefore = requests.sendingNanos();
    Set<Integer> held = grip.partitions();
    requests.command("MULTI");
    int before = requests.commands();
    changes.write(requests, format, expiry);
    writeCursors(requests, batch, changes, settled);
    int queued = requests.commands() - before;
    requests.command("EXEC");
    requestWatched(held);
    // What was sent meanwhile was waited for; without that it is as if it had begun later.
    effort.encoded(began + requests.sendingNanos() - sendingBefore);

    Optional<String> refused = firstRefusal(1 + queued);
    Reply executed = connection.read();
    readWatched(held);
    if (refused.isPresent()) {
      throw connection.problems().refused(refused.get());
    }
    return worked(executed, queued);
  }

  private void writeCursors(Requests requests, Batch batch, Changes changes, List<String> settled)
      throws IOException {
    Requests script = Requests.nested();
    changes.writeLast(script, format, expiry);
    DeadLetters.remove(script, deadLetters, settled);
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

  private boolean worked(Reply executed, int queued) throws StoreProblem {
    return switch (executed) {
      case Reply.Nil touched -> false;
      case Reply.Items all -> {
        boolean worked = allWorked(all.all(), queued);
        effort.wrote(TRANSACTION);
        yield worked;
      }
      case Reply.Failure failure -> throw connection.problems().refused(failure.text());
      case Reply.Text odd -> throw connection.problems().refused("EXEC answered with a text");
      case Reply.Number odd -> throw connection.problems().refused("EXEC answered with a number");
    };
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
}
