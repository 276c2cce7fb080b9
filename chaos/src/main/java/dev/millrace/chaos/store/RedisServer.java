package dev.millrace.chaos.store;

import dev.millrace.api.Json;
import dev.millrace.chaos.load.Fields;
import dev.millrace.chaos.load.Load.Place;
import dev.millrace.chaos.load.Row;
import dev.millrace.chaos.platform.FaultMissed;
import dev.millrace.chaos.platform.Signals;
import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.embedded.Ports;
import dev.millrace.outside.BroughtStores;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The Redis that is brought as a store, in a process of its own, seen by its administrator. */
public final class RedisServer implements AutoCloseable {
  private static final int DATABASES = 16;
  private static final Set<String> ALWAYS = Set.of("orderId", "version", "total", "country");

  private final String secret;
  private volatile Path directory;
  private volatile EmbeddedRedis server;
  private int replicas;

  private RedisServer(Path directory, String secret) {
    this.directory = directory;
    this.secret = secret;
    this.server = EmbeddedRedis.start(directory, Ports.free());
  }

  public static RedisServer start(Path directory, String secret) throws IOException {
    RedisServer redis = new RedisServer(directory, secret);
    try (Resp admin = redis.connect()) {
      makeUsers(admin, secret);
    }
    return redis;
  }

  /** Replicas get the data from their master, and not the users. */
  static void makeUsers(Resp admin, String secret) throws IOException {
    admin.askAll(BroughtStores.redisUsers(secret));
  }

  public int port() {
    return server.port();
  }

  /** The Store, at the address of a proxy before it. */
  public String store(String name, int proxyPort) {
    return BroughtStores.redis(name, proxyPort, secret);
  }

  // --- faults -------------------------------------------------------------------------------

  public void kill() throws IOException, InterruptedException {
    Signals.killTree(server.pid());
  }

  /** Returns when it has loaded its file. */
  public void startAgain() {
    server = EmbeddedRedis.start(directory, server.port());
  }

  /** A replica of it, up to date. */
  public RedisReplica replica() throws IOException {
    return RedisReplica.start(
        directory.resolveSibling("redis-replica-" + ++replicas), server, secret);
  }

  /** Kills it, and the replica goes on in its place with what it had. */
  public void failOver(RedisReplica replica) throws IOException, InterruptedException {
    kill();
    server = replica.promote();
    directory = replica.directory();
  }

  /** It may use less memory than it does. */
  public void fill() throws IOException {
    try (Resp admin = connect()) {
      admin.ask("CONFIG", "SET", "maxmemory", Long.toString(used(admin) / 2));
    }
  }

  /** It may use a little more than it does, so that some writes pass and some do not. */
  public void nearlyFill(long bytesLeft) throws IOException {
    try (Resp admin = connect()) {
      admin.ask("CONFIG", "SET", "maxmemory", Long.toString(used(admin) + bytesLeft));
    }
  }

  /** It may use what it likes, as in the beginning. */
  public void makeRoom() throws IOException {
    try (Resp admin = connect()) {
      admin.ask("CONFIG", "SET", "maxmemory", "0");
    }
  }

  private static long used(Resp admin) throws IOException {
    return Long.parseLong(info(admin, "memory", "used_memory"));
  }

  /** One value of what the server says of itself. */
  static String info(Resp admin, String section, String name) throws IOException {
    String text = String.valueOf(admin.ask("INFO", section));
    return text.lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElseThrow(() -> new IOException("INFO " + section + " has no " + name));
  }

  /** How much was appended to its file until now, in bytes. */
  public long appended() throws IOException {
    return Files.size(appendOnlyFile());
  }

  /** Forgets what was appended last, while the server is dead, as a lost disk cache does. */
  public void cutTo(long bytes) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(appendOnlyFile().toFile(), "rw")) {
      if (file.length() <= bytes) {
        throw new FaultMissed("the append-only file has only " + file.length() + " bytes");
      }
      file.setLength(bytes);
    }
  }

  public void flushAll() throws IOException {
    try (Resp admin = connect()) {
      admin.ask("FLUSHALL");
    }
  }

  /** Another password for the writer, and the end of its connections. */
  public void rotateWriter(String password) throws IOException {
    try (Resp admin = connect()) {
      admin.ask("ACL", "SETUSER", "writer", "resetpass", ">" + password);
      String ended = (String) admin.ask("CLIENT", "KILL", "USER", "writer");
      if ("0".equals(ended)) {
        throw new FaultMissed("the writer had no connection to end");
      }
    }
  }

  public void restoreWriter() throws IOException {
    try (Resp admin = connect()) {
      admin.ask("ACL", "SETUSER", "writer", "resetpass", ">" + secret);
    }
  }

  // --- what is in it ------------------------------------------------------------------------

  /** A connection to look with, again and again. */
  public Observer observer() throws IOException {
    return new Observer(connect());
  }

  /** How many keys begin with this. */
  public int keys(String prefix) throws IOException {
    try (Resp admin = connect()) {
      return admin.texts("KEYS", prefix + "*").size();
    }
  }

  /** What rebuilds have here: keys, in whichever database, and lines in the book of prefixes. */
  public List<String> ofRebuilds() throws IOException {
    List<String> found = new ArrayList<>();
    try (Resp admin = connect()) {
      for (int database = 0; database < DATABASES; database++) {
        admin.ask("SELECT", Integer.toString(database));
        admin.texts("KEYS", "rebuild~*").stream()
            .map(key -> "keys " + key.substring(0, key.indexOf(':') + 1) + "*")
            .distinct()
            .forEach(found::add);
        found.addAll(admin.texts("KEYS", "millrace:*~*"));
      }
      admin.ask("SELECT", "0");
      admin.texts("HGETALL", "millrace:prefixes").stream()
          .filter(each -> each.contains("~"))
          .forEach(found::add);
    }
    return found;
  }

  public Set<Place> deadLetters(String store, String uid) throws IOException {
    Set<Place> found = new HashSet<>();
    try (Resp admin = connect()) {
      for (String letter : admin.texts("LRANGE", "millrace:" + store + ":dead:" + uid, "0", "-1")) {
        var json = Json.LENIENT.readTree(letter);
        if (!found.add(
            new Place(json.path("partition").intValue(), json.path("offset").longValue()))) {
          throw new IOException("a dead letter is there twice: " + letter);
        }
      }
    }
    return found;
  }

  @Override
  public void close() {
    server.close();
  }

  private Path appendOnlyFile() {
    return directory.resolve("appendonly.aof");
  }

  private Resp connect() throws IOException {
    return new Resp(server.port(), "default", server.password());
  }

  /** Sees cursors and rows in one step of the server's. */
  public static final class Observer implements AutoCloseable {
    private final Resp admin;

    /** Of the look before; a key that is gone has no fields. */
    private List<String> keys = List.of();

    private Observer(Resp admin) {
      this.admin = admin;
    }

    /**
     * @param store tenant/name
     * @param prefix of the rows' keys
     */
    public Snapshot snapshot(String store, String uid, String prefix, int partitions)
        throws IOException, CursorMissing {
      while (true) {
        List<String[]> commands = new ArrayList<>();
        commands.add(new String[] {"MULTI"});
        commands.add(new String[] {"KEYS", prefix + "*"});
        for (int p = 0; p < partitions; p++) {
          commands.add(new String[] {"HGETALL", cursorKey(store, uid, p)});
        }
        for (String key : keys) {
          commands.add(new String[] {"HGETALL", key});
        }
        commands.add(new String[] {"EXEC"});
        List<@Nullable Object> all = admin.askAll(commands);
        List<@Nullable Object> answers = Resp.list(Objects.requireNonNull(all.get(all.size() - 1)));
        List<String> now =
            Resp.list(Objects.requireNonNull(answers.get(0))).stream()
                .map(String::valueOf)
                .toList();
        if (new HashSet<>(keys).containsAll(now)) {
          return snapshot(answers, keys, prefix, partitions);
        }
        // Some came between the two looks: ask for those too.
        keys = now;
      }
    }

    /** Where the cursors of a pipeline stand; empty when it has none. */
    public Map<Integer, Snapshot.Cursor> someCursors(String store, String uid, int partitions)
        throws IOException {
      List<String[]> commands = new ArrayList<>();
      for (int p = 0; p < partitions; p++) {
        commands.add(new String[] {"HGETALL", cursorKey(store, uid, p)});
      }
      List<@Nullable Object> answers = admin.askAll(commands);
      Map<Integer, Snapshot.Cursor> found = new TreeMap<>();
      for (int p = 0; p < partitions; p++) {
        Map<String, String> fields = fields(answers.get(p));
        if (!fields.isEmpty()) {
          found.put(p, cursor(fields));
        }
      }
      return found;
    }

    private static String cursorKey(String store, String uid, int partition) {
      return "millrace:" + store + ":cursor:" + uid + ":" + partition;
    }

    private static Snapshot.Cursor cursor(Map<String, String> fields) {
      return new Snapshot.Cursor(
          count(fields, "definition"),
          count(fields, "next_offset"),
          count(fields, "read"),
          count(fields, "applied"),
          count(fields, "filtered"),
          count(fields, "dead_lettered"),
          count(fields, "skipped"));
    }

    @Override
    public void close() throws IOException {
      admin.close();
    }

    private static Snapshot snapshot(
        List<@Nullable Object> answers, List<String> keys, String prefix, int partitions)
        throws CursorMissing {
      Snapshot.Cursor[] cursors = new Snapshot.Cursor[partitions];
      for (int p = 0; p < partitions; p++) {
        Map<String, String> cursor = fields(answers.get(1 + p));
        if (cursor.isEmpty()) {
          throw new CursorMissing("Redis has no cursor for partition " + p);
        }
        cursors[p] = cursor(cursor);
      }
      SortedMap<String, Row> rows = new TreeMap<>();
      for (int i = 0; i < keys.size(); i++) {
        Map<String, String> fields = fields(answers.get(1 + partitions + i));
        if (!fields.isEmpty()) {
          rows.put(
              keys.get(i).substring(prefix.length()),
              new Row(
                  count(fields, "version"),
                  new BigDecimal(fields.getOrDefault("total", "-1")),
                  fields.getOrDefault("country", ""),
                  more(fields)));
        }
      }
      return new Snapshot(cursors, rows);
    }

    private static Map<String, Long> more(Map<String, String> fields) {
      Map<String, Long> more = new HashMap<>();
      fields.forEach((name, value) -> {
        if (!ALWAYS.contains(name)) {
          more.put(name, Fields.read(name, new BigDecimal(value)));
        }
      });
      return more;
    }

    private static long count(Map<String, String> fields, String name) {
      return Long.parseLong(fields.getOrDefault(name, "-1"));
    }

    private static Map<String, String> fields(@Nullable Object answer) {
      List<@Nullable Object> flat = Resp.list(Objects.requireNonNull(answer));
      Map<String, String> fields = new HashMap<>();
      for (int i = 0; i + 1 < flat.size(); i += 2) {
        fields.put(String.valueOf(flat.get(i)), String.valueOf(flat.get(i + 1)));
      }
      return fields;
    }
  }
}
