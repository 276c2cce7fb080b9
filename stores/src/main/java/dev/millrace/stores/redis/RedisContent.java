package dev.millrace.stores.redis;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.transform.Outcome;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Content;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.Fingerprint;
import dev.millrace.stores.KeyDigest;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * Redis has no snapshot, but a batch's rows and cursors change as one: so some keys and all
 * cursors, read within one MULTI, show one moment.
 */
final class RedisContent implements Content {
  private static final int MOST_KEYS = 1_000;

  /** About what one EXEC may answer, by what the rows before were like. */
  private static final long ANSWER_BYTES = 4L << 20;

  private static final int LONGEST_NAME = 200;

  private final Connection connection;
  private final KeySpace keySpace;
  private final RedisKeys keys;
  private final RowFormat format;
  private final Changes.Expiry expiry;
  private final Cursors cursorKeys;
  private final List<Integer> partitions;
  private final List<Cursor> cursors = new ArrayList<>();
  private final Fingerprint fingerprint = new Fingerprint();
  private final ArrayDeque<byte[]> found = new ArrayDeque<>();
  private String place = "0";
  private boolean begun;
  private int atOnce = 50;

  private RedisContent(Connection connection, PipelinePlan plan) {
    PipelinePlan.Keys target = Objects.requireNonNull(plan.target().keys());
    this.connection = connection;
    this.keySpace = new KeySpace(connection, target.prefix());
    this.keys = RedisKeys.of(plan);
    this.format = RowFormat.of(plan);
    this.expiry = new Changes.Expiry(target.ttlSeconds());
    this.cursorKeys = new Cursors(plan);
    this.partitions = List.copyOf(new TreeSet<>(plan.start().keySet()));
  }

  static RedisContent open(StoreSite site, PipelinePlan plan) throws StoreProblem {
    Connection connection =
        Connection.open(site, site.writer(), site.database(), "millrace:verifying");
    try {
      RedisContent content = new RedisContent(connection, plan);
      content.cursors.addAll(content.moment(List.of()).cursors());
      return content;
    } catch (StoreProblem | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public List<Cursor> cursors() {
    return List.copyOf(cursors);
  }

  @Override
  public KeyDigest key(StoreKey key) {
    return fingerprint.value(keys.of(key)).key();
  }

  @Override
  public long content(Batch.Entry entry) {
    if (!(entry.outcome() instanceof Outcome.Put put)) {
      throw new IllegalArgumentException("no row comes of " + entry.outcome());
    }
    try {
      format.print(put.row(), fingerprint);
    } catch (IOException neverInMemory) {
      throw new UncheckedIOException(neverInMemory);
    }
    return fingerprint.content();
  }

  @Override
  public String name(StoreKey key) {
    return name(keys.of(key));
  }

  private static String name(byte[] key) {
    String name = new String(key, StandardCharsets.UTF_8);
    return name.length() <= LONGEST_NAME
        ? name
        : name.substring(0, name.offsetByCodePoints(0, LONGEST_NAME / 2));
  }

  @Override
  public Optional<Instant> expires(Instant event) {
    OptionalLong at = expiry.of(event);
    return at.isPresent() ? Optional.of(Instant.ofEpochMilli(at.getAsLong())) : Optional.empty();
  }

  @Override
  public void begin() {
    found.clear();
    place = "0";
    begun = true;
  }

  /** Without rows where a stride of the server's met only keys of others. */
  @Override
  public Optional<Portion> next() throws StoreProblem {
    if (found.isEmpty() && !begun) {
      return Optional.empty();
    }
    if (found.isEmpty()) {
      place = keySpace.keysFrom(place, found::add);
      begun = !place.equals("0");
    }
    List<byte[]> some = new ArrayList<>(Math.min(atOnce, found.size()));
    while (some.size() < atOnce && !found.isEmpty()) {
      some.add(found.poll());
    }
    return Optional.of(moment(some).portion());
  }

  @Override
  public Portion look(List<StoreKey> wanted) throws StoreProblem {
    return moment(wanted.stream().map(keys::of).toList()).portion();
  }

  /** What is under some keys, and where the cursors stand, at one moment. */
  private Moment moment(List<byte[]> some) throws StoreProblem {
    Requests requests = connection.requests();
    try {
      requests.command("MULTI");
      for (byte[] key : some) {
        format.request(requests, key);
      }
      cursorKeys.request(requests, partitions);
      requests.command("EXEC");
    } catch (IOException e) {
      throw connection.problems().lost(e);
    }
    for (int i = 0; i < 1 + some.size() + partitions.size(); i++) {
      connection.readOk();
    }
    List<Reply> all = connection.readOk().items();
    if (all.size() != some.size() + partitions.size()) {
      throw connection.problems().refused("EXEC left out answers");
    }
    return new Moment(rows(some, all), cursors(all.subList(some.size(), all.size())));
  }

  private List<Row> rows(List<byte[]> some, List<Reply> answers) {
    List<Row> rows = new ArrayList<>(some.size());
    long bytes = 0;
    for (int i = 0; i < some.size(); i++) {
      Reply answer = answers.get(i);
      bytes += size(answer);
      if (format.print(answer, fingerprint)) {
        long content = fingerprint.content();
        byte[] key = some.get(i);
        rows.add(new Row(fingerprint.value(key).key(), content, name(key)));
      } else {
        fingerprint.content();
      }
    }
    if (!some.isEmpty()) {
      long fitting = ANSWER_BYTES / Math.max(1, bytes / some.size());
      atOnce = (int) Math.max(1, Math.min(MOST_KEYS, Math.min(fitting, 2L * atOnce)));
    }
    return rows;
  }

  private static long size(Reply reply) {
    return switch (reply) {
      case Reply.Text text -> text.bytes().length;
      case Reply.Items items -> items.all().stream().mapToLong(RedisContent::size).sum();
      case Reply.Number number -> 0;
      case Reply.Nil nil -> 0;
      case Reply.Failure failure -> 0;
    };
  }

  private List<Cursor> cursors(List<Reply> hashes) throws StoreProblem {
    List<Cursor> all = new ArrayList<>();
    for (int i = 0; i < hashes.size(); i++) {
      int partition = partitions.get(i);
      all.add(
          Cursors.cursor(partition, hashes.get(i)).orElseThrow(() -> cursorKeys.lost(partition)));
    }
    return all;
  }

  private record Moment(List<Row> rows, List<Cursor> cursors) {
    Portion portion() {
      Map<Integer, Long> at = new HashMap<>();
      cursors.forEach(cursor -> at.put(cursor.partition(), cursor.nextOffset()));
      return new Portion(rows, at);
    }
  }

  @Override
  public void close() {
    connection.close();
  }
}
