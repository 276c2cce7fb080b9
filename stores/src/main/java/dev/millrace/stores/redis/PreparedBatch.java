package dev.millrace.stores.redis;

import dev.millrace.stores.Batch;
import dev.millrace.stores.Prepared;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A batch folded and encoded, but for its cursors: where they stand is known when it is written.
 *
 * @param rows all but the last row and the last deletion
 * @param last these, in the nested form: for the script that moves the cursors
 * @param lastKeys empty when no key changes
 */
record PreparedBatch(
    List<Batch.Move> moves,
    EncodedCommands rows,
    Requests last,
    List<byte[]> lastKeys,
    List<Batch.Entry> dead,
    long nanos)
    implements Prepared {

  static PreparedBatch of(Batch batch, RedisKeys keys, RowWriter writer, Changes.Expiry expiry) {
    long began = System.nanoTime();
    Changes changes = Changes.of(batch, keys);
    EncodedCommands rows = EncodedCommands.of(requests -> changes.write(requests, writer, expiry));
    Requests last = Requests.nested();
    try {
      changes.writeLast(last, writer, expiry);
    } catch (IOException neverInMemory) {
      throw new UncheckedIOException(neverInMemory);
    }
    return new PreparedBatch(
        batch.moves(), rows, last, changes.lastKeys(), changes.dead(), System.nanoTime() - began);
  }
}
