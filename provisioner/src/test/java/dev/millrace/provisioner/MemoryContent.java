package dev.millrace.provisioner;

import dev.millrace.needs.transform.Outcome;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Content;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.Fingerprint;
import dev.millrace.stores.KeyDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Everything that a {@link MemoryStore} had of a subscription at one moment. */
final class MemoryContent implements Content {
  private final Map<StoreKey, List<@Nullable Object>> rows;
  private final List<Cursor> cursors;
  private final Map<Integer, Long> at = new HashMap<>();
  private boolean read;

  MemoryContent(Map<StoreKey, List<@Nullable Object>> rows, Map<Integer, Cursor> cursors) {
    this.rows = Map.copyOf(rows);
    this.cursors = List.copyOf(cursors.values());
    this.cursors.forEach(cursor -> at.put(cursor.partition(), cursor.nextOffset()));
  }

  @Override
  public List<Cursor> cursors() {
    return cursors;
  }

  @Override
  public KeyDigest key(StoreKey key) {
    return new Fingerprint().text(key.values().toString()).key();
  }

  @Override
  public long content(Batch.Entry entry) {
    return switch (entry.outcome()) {
      case Outcome.Put put -> content(Arrays.asList(put.row()));
      case Outcome.Add add -> content(Arrays.asList(add.row()));
      default -> throw new IllegalArgumentException("no row");
    };
  }

  private static long content(List<@Nullable Object> row) {
    return new Fingerprint().text(row.toString()).content();
  }

  @Override
  public String name(StoreKey key) {
    return key.values().toString();
  }

  @Override
  public Optional<Instant> expires(Instant event) {
    return Optional.empty();
  }

  @Override
  public void begin() {
    read = false;
  }

  @Override
  public Optional<Portion> next() {
    if (read) {
      return Optional.empty();
    }
    read = true;
    return Optional.of(
        new Portion(
            rows.entrySet().stream()
                .map(row -> new Row(key(row.getKey()), content(row.getValue()), name(row.getKey())))
                .toList(),
            at));
  }

  @Override
  public Portion look(List<StoreKey> keys) {
    return new Portion(List.of(), at);
  }

  @Override
  public void close() {}
}
