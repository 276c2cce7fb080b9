package dev.millrace.stores.redis;

import dev.millrace.needs.transform.Outcome;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.stores.Batch;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A batch, folded to the last version of each key. */
final class Changes {
  private static final byte[] UNLINK = Requests.encoded("UNLINK");

  /** Keys that one UNLINK names: few enough for the server's cache to hold them. */
  private static final int GROUP = 500;

  private final List<Change> most;
  private final List<Change> last;
  private final List<Batch.Entry> dead;

  private Changes(List<Change> most, List<Change> last, List<Batch.Entry> dead) {
    this.most = most;
    this.last = last;
    this.dead = dead;
  }

  /**
   * @param row null when the key goes
   */
  private record Change(byte[] key, @Nullable Object @Nullable [] row, Instant time) {}

  static Changes of(Batch batch, RedisKeys keys) {
    Map<StoreKey, Batch.Entry> last = new LinkedHashMap<>(batch.entries().size() * 2);
    List<Batch.Entry> dead = new ArrayList<>();
    for (Batch.Entry entry : batch.entries()) {
      switch (entry.outcome()) {
        case Outcome.Put put -> last.put(put.key(), entry);
        case Outcome.Delete delete -> last.put(delete.key(), entry);
        case Outcome.Leave leave -> last.put(leave.key(), entry);
        case Outcome.Dead letter -> dead.add(entry);
        case Outcome.Pass pass -> {
          // Only the cursor moves over it.
        }
        case Outcome.Add add ->
            throw new IllegalArgumentException("Redis keeps no plan in Append: it is refused");
      }
    }
    List<Change> changes = new ArrayList<>(last.size());
    last.forEach((key, entry) ->
        changes.add(
            new Change(
                keys.of(key),
                entry.outcome() instanceof Outcome.Put put ? put.row() : null,
                entry.time())));
    List<Change> held = new ArrayList<>();
    holdLast(changes, held, true);
    holdLast(changes, held, false);
    return new Changes(changes, held, dead);
  }

  /** No two changes are of one key, so their order does not matter. */
  private static void holdLast(List<Change> changes, List<Change> held, boolean row) {
    for (int i = changes.size() - 1; i >= 0; i--) {
      if ((changes.get(i).row() != null) == row) {
        held.add(changes.remove(i));
        return;
      }
    }
  }

  List<Batch.Entry> dead() {
    return dead;
  }

  /** Empty when no key changes. */
  List<byte[]> lastKeys() {
    return last.stream().map(Change::key).toList();
  }

  /** All but the last row and the last deletion. */
  void write(Requests requests, RowWriter writer, Expiry expiry) throws IOException {
    for (int from = 0; from < most.size(); from += GROUP) {
      write(requests, most.subList(from, Math.min(from + GROUP, most.size())), writer, expiry);
    }
  }

  /** The last row and the last deletion. */
  void writeLast(Requests requests, RowWriter writer, Expiry expiry) throws IOException {
    write(requests, last, writer, expiry);
  }

  private static void write(
      Requests requests, List<Change> changes, RowWriter writer, Expiry expiry) throws IOException {
    int gone = 0;
    for (Change change : changes) {
      gone += goes(change, writer) ? 1 : 0;
    }
    if (gone > 0) {
      requests.command(1 + gone);
      requests.ready(UNLINK);
      for (Change change : changes) {
        if (goes(change, writer)) {
          requests.word(change.key());
        }
      }
    }
    for (Change change : changes) {
      @Nullable Object @Nullable [] row = change.row();
      if (row != null) {
        writer.write(requests, change.key(), row, expiry.of(change.time()));
      }
    }
  }

  /** What the key holds now has to go, whatever comes after. */
  private static boolean goes(Change change, RowWriter writer) {
    return change.row() == null || !writer.replaces();
  }

  /**
   * When a row goes by itself, counted from its event and not from its writing: else a replay would
   * make old rows young.
   *
   * @param seconds null for never
   */
  record Expiry(@Nullable Long seconds) {

    OptionalLong of(Instant event) {
      if (seconds == null) {
        return OptionalLong.empty();
      }
      try {
        long at = Math.addExact(event.toEpochMilli(), Math.multiplyExact(seconds, 1000L));
        return OptionalLong.of(Math.max(1, at));
      } catch (ArithmeticException beyondAllTime) {
        return OptionalLong.empty();
      }
    }
  }
}
