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
  private final Changes.Expiry expiry;

  Rehearsal(PipelinePlan plan) {
    this.keys = RedisKeys.of(plan);
    this.format = RowFormat.of(plan);
    this.expiry = new Changes.Expiry(Objects.requireNonNull(plan.target().keys()).ttlSeconds());
  }

  @Override
  public void accept(Batch batch) {
    try {
      Requests requests = Requests.to(OutputStream.nullOutputStream());
      Changes changes = Changes.of(batch, keys);
      changes.write(requests, format, expiry);
      changes.writeLast(requests, format, expiry);
      requests.flush();
      Replies replies = new Replies(answers(requests.commands()));
      for (int i = 0; i <= requests.commands(); i++) {
        replies.read();
      }
    } catch (IOException nothingIsSent) {
      throw new UncheckedIOException(nothingIsSent);
    }
  }

  private static ByteArrayInputStream answers(int commands) {
    String all =
        "+QUEUED\r\n".repeat(commands) + "*" + commands + "\r\n" + ":1\r\n".repeat(commands);
    return new ByteArrayInputStream(all.getBytes(StandardCharsets.US_ASCII));
  }
}
