package dev.millrace.stores.redis;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.Batch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Consumer;

/** Batches on their way to a server, up to the connection, and answers as the server has them. */
final class Rehearsal implements Consumer<Batch> {
  private final RedisKeys keys;
  private final RowFormat format;
  private int batches;
  private final Changes.Expiry expiry;

  Rehearsal(PipelinePlan plan) {
    this.keys = RedisKeys.of(plan);
    this.format = RowFormat.of(plan);
    this.expiry = new Changes.Expiry(Objects.requireNonNull(plan.target().keys()).ttlSeconds());
  }

  @Override
  public void accept(Batch batch) {
    try {
      PreparedBatch prepared = PreparedBatch.of(batch, keys, writer(), expiry);
      Requests requests = Requests.to(OutputStream.nullOutputStream());
      requests.all(prepared.rows());
      requests.flush();
      Replies replies = new Replies(answers(requests.commands()));
      replies.firstFailure(requests.commands());
      replies.executed();
    } catch (IOException nothingIsSent) {
      throw new UncheckedIOException(nothingIsSent);
    }
  }

  /** Nobody knows yet what the server takes: hashes in each form in turn. */
  private RowWriter writer() {
    return format instanceof HashRows rows
        ? new PackedHashes(rows, Packing.ALL.get(batches++ % Packing.ALL.size()).get())
        : format;
  }

  private static ByteArrayInputStream answers(int commands) {
    String all =
        "+QUEUED\r\n".repeat(commands) + "*" + commands + "\r\n" + ":1\r\n".repeat(commands);
    return new ByteArrayInputStream(all.getBytes(StandardCharsets.US_ASCII));
  }
}
