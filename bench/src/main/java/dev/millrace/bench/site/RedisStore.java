package dev.millrace.bench.site;

import dev.millrace.bench.workload.Bid;
import dev.millrace.bench.workload.Column;
import dev.millrace.bench.workload.Comparison;
import dev.millrace.bench.workload.Query;
import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.embedded.Ports;
import dev.millrace.outside.BroughtStores;
import dev.millrace.outside.Eventually;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/** The Redis that all write to, seen by its administrator. */
public final class RedisStore implements AutoCloseable {
  /** All rows lie under it. */
  public static final String PREFIX = "bid:";

  private static final int AT_ONCE = 2_000;

  private final EmbeddedRedis server;
  private final boolean keeps;

  private RedisStore(EmbeddedRedis server, boolean keeps) {
    this.server = server;
    this.keeps = keeps;
  }

  /** One whose append-only file is synced each second. */
  static RedisStore start(Path directory, String secret) {
    return new RedisStore(EmbeddedRedis.start(directory, Ports.free()), true).withUsers(secret);
  }

  /**
   * One that keeps nothing. Millrace accepts none without an append-only file, so it has one: it
   * leads nowhere.
   */
  static RedisStore startForgetful(Path directory, String secret) throws IOException {
    Files.createDirectories(directory);
    Files.createSymbolicLink(directory.resolve("appendonly.aof"), Path.of("/dev/null"));
    RedisStore store =
        new RedisStore(EmbeddedRedis.start(directory, Ports.free()), false).withUsers(secret);
    try (Jedis admin = store.connect()) {
      // A file that was rewritten would take the place of the link.
      admin.configSet("auto-aof-rewrite-percentage", "0");
    }
    return store;
  }

  private RedisStore withUsers(String secret) {
    try (Jedis admin = connect()) {
      for (String[] words : BroughtStores.redisUsers(secret)) {
        admin.sendCommand(
            () -> words[0].getBytes(StandardCharsets.UTF_8),
            Arrays.copyOfRange(words, 1, words.length));
      }
    }
    return this;
  }

  public ProcessHandle process() {
    return ProcessHandle.of(server.pid()).orElseThrow();
  }

  public int port() {
    return server.port();
  }

  public String password() {
    return server.password();
  }

  public Jedis connect() {
    return connect(server.port(), server.password());
  }

  public static Jedis connect(int port, String password) {
    return new Jedis(
        new HostAndPort("127.0.0.1", port),
        DefaultJedisClientConfig.builder()
            .user("default")
            .password(password)
            .socketTimeoutMillis(120_000)
            .build());
  }

  /** Forgets everything, also what the append-only file has grown by. */
  public void empty() {
    try (Jedis admin = connect()) {
      admin.flushAll();
      if (keeps) {
        admin.configSet("appendonly", "no");
        admin.configSet("appendonly", "yes");
        Eventually.await(
            "the append-only file is begun",
            Duration.ofSeconds(60),
            () -> admin.info("persistence").contains("aof_rewrite_in_progress:0"));
      }
    }
  }

  /** Hands all rows to a comparison. */
  public void compare(Query query, Comparison with) {
    byte[][] fields =
        query.columns().stream()
            .map(column -> column.name().getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
    try (Jedis admin = connect()) {
      String cursor = ScanParams.SCAN_POINTER_START;
      Set<String> before = new HashSet<>();
      do {
        ScanResult<String> page =
            admin.scan(cursor, new ScanParams().match(PREFIX + "*").count(AT_ONCE));
        // A scan may show a key twice while the table of keys is resized, which is soon over.
        List<String> keys = page.getResult().stream().filter(before::add).toList();
        compare(admin, keys, fields, query, with);
        cursor = page.getCursor();
      } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
    }
  }

  private static void compare(
      Jedis admin, List<String> keys, byte[][] fields, Query query, Comparison with) {
    Pipeline pipeline = admin.pipelined();
    List<Response<List<byte[]>>> answers = new ArrayList<>();
    for (String key : keys) {
      answers.add(pipeline.hmget(key.getBytes(StandardCharsets.UTF_8), fields));
    }
    pipeline.sync();
    for (Response<List<byte[]>> answer : answers) {
      List<String> values = new ArrayList<>();
      for (int i = 0; i < fields.length; i++) {
        byte[] value = answer.get().get(i);
        values.add(
            value == null
                ? "(none)"
                : query.columns().get(i).normal(new String(value, StandardCharsets.UTF_8)));
      }
      with.row(values);
    }
  }

  /** A hash for a bid. */
  public static Map<String, String> hash(Query query, Bid bid) {
    Map<String, String> hash = new java.util.LinkedHashMap<>();
    for (Column column : query.columns()) {
      hash.put(column.name(), column.inEvent(bid));
    }
    return hash;
  }

  /** The commands that {@code redis-cli --pipe} sends. */
  public static void writeCommands(Path file, Query query, long seed, long events)
      throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      for (long i = 0; i < events; i++) {
        Bid bid = Bid.of(seed, i);
        if (query.passes().test(bid)) {
          List<String> words = new ArrayList<>(List.of("HSET", PREFIX + bid.id()));
          hash(query, bid).forEach((name, value) -> words.addAll(List.of(name, value)));
          out.write(("*" + words.size() + "\r\n").getBytes(StandardCharsets.UTF_8));
          for (String word : words) {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            out.write(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.UTF_8));
            out.write(bytes);
            out.write('\r');
            out.write('\n');
          }
        }
      }
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
