package dev.millrace.stores.redis;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.StoreProblem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows as {@link HashRows} has them, but as the server keeps them: it takes over a block and
 * builds no hash of words. RATIONALE.md says what that saves.
 */
final class PackedHashes implements RowWriter {
  private static final byte[] RESTORE = Requests.encoded("RESTORE");
  private static final byte[] NEVER = Requests.encoded("0");
  private static final byte[] REPLACE = Requests.encoded("REPLACE");
  private static final byte[] AT_TIME = Requests.encoded("ABSTTL");
  private static final byte[] LONG_AGO = Requests.encoded("1");

  private final byte[][] names;
  private final Packing packing;

  PackedHashes(HashRows rows, Packing packing) {
    this.names = rows.plainNames();
    this.packing = packing;
  }

  /**
   * Writers of the newest form that the server takes.
   *
   * @return empty when rows are no hashes, it takes none, or the login may not
   */
  static Optional<Supplier<RowWriter>> taken(
      Connection connection, PipelinePlan plan, RowFormat format) throws StoreProblem {
    if (format instanceof HashRows rows) {
      String none = new Bookkeeping(plan.target().store()).none();
      for (Supplier<Packing> form : Packing.ALL) {
        if (takes(connection, none, form.get())) {
          return Optional.of(() -> new PackedHashes(rows, form.get()));
        }
      }
    }
    return Optional.empty();
  }

  /** It is asked to restore a row that has expired: it reads all of that, and keeps nothing. */
  private static boolean takes(Connection connection, String key, Packing packing)
      throws StoreProblem {
    packing.begin();
    packing.text(new byte[] {'a'});
    packing.integer(1);
    packing.end();
    Requests requests = connection.requests();
    try {
      requests.command(5);
      requests.ready(RESTORE);
      requests.word(key);
      requests.ready(LONG_AGO);
      packing.addTo(requests);
      requests.ready(AT_TIME);
    } catch (IOException e) {
      throw connection.problems().lost(e);
    }
    if (!(connection.read() instanceof Reply.Failure failure)) {
      return true;
    }
    if (failure.text().startsWith("ERR") || failure.text().startsWith("NOPERM")) {
      return false;
    }
    throw connection.problems().refused(failure.text());
  }

  @Override
  public boolean replaces() {
    return true;
  }

  @Override
  public void write(Requests requests, byte[] key, @Nullable Object[] row, OptionalLong expires)
      throws IOException {
    packing.begin();
    for (int i = 0; i < row.length; i++) {
      Object value = row[i];
      if (value != null) {
        packing.text(names[i]);
        value(value);
      }
    }
    packing.end();
    requests.command(expires.isPresent() ? 6 : 5);
    requests.ready(RESTORE);
    requests.word(key);
    if (expires.isPresent()) {
      requests.word(Long.toString(expires.getAsLong()));
    } else {
      requests.ready(NEVER);
    }
    packing.addTo(requests);
    requests.ready(REPLACE);
    if (expires.isPresent()) {
      requests.ready(AT_TIME);
    }
  }

  private void value(Object value) {
    switch (value) {
      case Long number -> packing.integer(number);
      case Integer number -> packing.integer(number);
      default -> packing.text(HashRows.text(value).getBytes(StandardCharsets.UTF_8));
    }
  }
}
