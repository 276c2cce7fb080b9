package dev.millrace.stores.redis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.stores.StoreDriver;
import dev.millrace.stores.StoreProblem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/** All keys that begin with one text, in the connection's database. */
final class KeySpace {

  /** Keys that one SCAN looks at: some milliseconds of the server's time. */
  private static final int STRIDE = 5_000;

  /** With more keys in the database than this, looking at all costs more than it saves. */
  private static final long WORTH_SCANNING = 1_000_000;

  private final Connection connection;
  private final String pattern;
  private final String prefix;

  KeySpace(Connection connection, String prefix) {
    this.connection = connection;
    this.prefix = prefix;
    this.pattern = Glob.beginningWith(prefix);
  }

  boolean isEmpty() throws StoreProblem {
    String cursor = "0";
    do {
      Scan scan = scan(cursor, STRIDE);
      if (!scan.keys().isEmpty()) {
        return false;
      }
      cursor = scan.next();
    } while (!cursor.equals("0"));
    return true;
  }

  /** In steps, so that the server serves others between them. */
  void unlinkAll() throws StoreProblem {
    String cursor = "0";
    do {
      Scan scan = scan(cursor, STRIDE);
      unlink(scan.keys());
      cursor = scan.next();
    } while (!cursor.equals("0"));
  }

  private void unlink(List<byte[]> keys) throws StoreProblem {
    if (keys.isEmpty()) {
      return;
    }
    try {
      Requests requests = connection.requests();
      requests.command(1 + keys.size());
      requests.word("UNLINK");
      keys.forEach(requests::word);
    } catch (IOException e) {
      throw connection.problems().lost(e);
    }
    connection.readOk();
  }

  /**
   * Hands over the keys of one place; some may have been there before.
   *
   * @param place 0 for the first
   * @return the next place; 0 at the end
   */
  String keysFrom(String place, Consumer<byte[]> each) throws StoreProblem {
    Scan scan = scan(place, STRIDE);
    scan.keys().forEach(each);
    return scan.next();
  }

  /** A table that grows or shrinks meanwhile shows some keys twice. */
  boolean presentKeys(RedisKeys keys, long most, Consumer<StoreKey> each) throws StoreProblem {
    if (connection.ask("DBSIZE").number() > WORTH_SCANNING) {
      return false;
    }
    long found = 0;
    String cursor = "0";
    do {
      Scan scan = scan(cursor, STRIDE);
      for (byte[] key : scan.keys()) {
        Optional<StoreKey> mine = keys.parse(new String(key, StandardCharsets.UTF_8));
        mine.ifPresent(each);
        found += mine.isPresent() ? 1 : 0;
      }
      cursor = scan.next();
    } while (!cursor.equals("0") && found <= most);
    return found <= most;
  }

  /**
   * A page ends at a place in the server's own order, and within that place by the order of keys,
   * since one place may hold more keys than the page has room for.
   */
  StoreDriver.Page page(RowFormat format, int limit, Optional<String> after) throws StoreProblem {
    Place place = after.flatMap(Place::parse).orElse(Place.first(limit));
    List<JsonNode> rows = new ArrayList<>();
    while (true) {
      Scan scan = scan(place.cursor(), place.stride(), "TYPE", format.redisType());
      TreeSet<String> keys = new TreeSet<>();
      scan.keys().forEach(key -> keys.add(new String(key, StandardCharsets.UTF_8)));
      List<String> rest = List.copyOf(keys.tailSet(place.lastKey(), false));
      List<String> fitting = rest.subList(0, Math.min(rest.size(), limit - rows.size()));
      rows.addAll(rows(format, fitting));
      if (fitting.size() < rest.size()) {
        String last = fitting.isEmpty() ? place.lastKey() : fitting.get(fitting.size() - 1);
        return new StoreDriver.Page(
            rows, Optional.of(new Place(place.cursor(), place.stride(), last).written()));
      }
      if (scan.next().equals("0")) {
        return new StoreDriver.Page(rows, Optional.empty());
      }
      place = new Place(scan.next(), rest.isEmpty() ? STRIDE : Math.min(limit, STRIDE), "");
    }
  }

  private List<JsonNode> rows(RowFormat format, List<String> keys) throws StoreProblem {
    try {
      for (String key : keys) {
        format.request(connection.requests(), key.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw connection.problems().lost(e);
    }
    List<JsonNode> rows = new ArrayList<>();
    for (String key : keys) {
      format.row(connection.read()).ifPresent(row -> rows.add(keyed(key, row)));
    }
    return rows;
  }

  private static JsonNode keyed(String key, ObjectNode row) {
    ObjectNode keyed = JsonNodeFactory.instance.objectNode().put("_key", key);
    keyed.setAll(row);
    return keyed;
  }

  private record Scan(String next, List<byte[]> keys) {}

  private Scan scan(String cursor, int stride, String... more) throws StoreProblem {
    List<String> words =
        new ArrayList<>(
            List.of("SCAN", cursor, "MATCH", pattern, "COUNT", Integer.toString(stride)));
    words.addAll(List.of(more));
    List<Reply> answer = connection.ask(words.toArray(String[]::new)).items();
    List<byte[]> keys = new ArrayList<>();
    for (Reply key : answer.get(1).items()) {
      if (key instanceof Reply.Text text) {
        keys.add(text.bytes());
      }
    }
    return new Scan(answer.get(0).text(), keys);
  }

  /**
   * Where a page ended.
   *
   * @param cursor of SCAN
   * @param stride how many keys SCAN looks at from there: the same again shows the same keys
   * @param lastKey the last of these that was shown
   */
  private record Place(String cursor, int stride, String lastKey) {
    static Place first(int limit) {
      return new Place("0", Math.min(limit, STRIDE), "");
    }

    String written() {
      return cursor
          + "."
          + stride
          + "."
          + Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(lastKey.getBytes(StandardCharsets.UTF_8));
    }

    /** Empty for what {@link #written} did not write. */
    static Optional<Place> parse(String text) {
      if (!text.matches("\\d{1,18}\\.\\d{1,5}\\.[-_A-Za-z0-9]*")) {
        return Optional.empty();
      }
      String[] parts = text.split("\\.", -1);
      try {
        byte[] key = Base64.getUrlDecoder().decode(parts[2]);
        return Optional.of(
            new Place(
                parts[0],
                Math.max(1, Integer.parseInt(parts[1])),
                new String(key, StandardCharsets.UTF_8)));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  }
}
