package dev.millrace.provisioner;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.stores.StoreDriver;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.Credentials;
import dev.millrace.stores.redis.RedisDriver;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class RedisServer implements EngineServer {
  private final Path home;
  private final Path directory;
  private final StoreDriver driver = new RedisDriver();
  private final int port;
  private EmbeddedRedis server;

  RedisServer() {
    try {
      home = Files.createTempDirectory("worker-redis");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    directory = home.resolve("redis");
    server = EmbeddedRedis.start(directory, 0);
    port = server.port();
  }

  @Override
  public StoreDriver driver() {
    return driver;
  }

  @Override
  public StoreSite site() {
    return new StoreSite(
        new ObjectKey("test", "datapath"),
        "Redis",
        "127.0.0.1",
        port,
        "0",
        "disable",
        Optional.of(new Credentials("default", server.password())),
        new Credentials("datapath_writer", "secret of the writer"));
  }

  @Override
  public PipelinePlan.Target target(String name) {
    return new PipelinePlan.Target(
        "Redis",
        site().store(),
        "127.0.0.1",
        port,
        "0",
        "disable",
        "writer",
        null,
        new PipelinePlan.Keys("Hash", name + ":{id}", name + ":", null));
  }

  @Override
  public Map<StoreKey, List<@Nullable Object>> rows(PipelinePlan plan) throws IOException {
    String prefix = plan.target().keys().prefix();
    try (Redis redis = new Redis()) {
      Map<StoreKey, List<@Nullable Object>> rows = new HashMap<>();
      for (Object key : (List<?>) redis.ask("KEYS", prefix + "*")) {
        Map<String, String> hash = new HashMap<>();
        List<?> fields = (List<?>) redis.ask("HGETALL", (String) key);
        for (int i = 0; i < fields.size(); i += 2) {
          hash.put((String) fields.get(i), (String) fields.get(i + 1));
        }
        Long id = Long.valueOf(((String) key).substring(prefix.length()));
        rows.put(new StoreKey(id), row(hash));
      }
      return rows;
    }
  }

  private static List<@Nullable Object> row(Map<String, String> hash) {
    String total = hash.get("total");
    return Arrays.asList(
        Long.valueOf(hash.get("id")),
        hash.get("name"),
        total == null ? null : Integer.valueOf(total));
  }

  @Override
  public void put(PipelinePlan plan, long id, String name, int total) throws IOException {
    String key = plan.target().keys().prefix() + id;
    try (Redis redis = new Redis()) {
      redis.ask("DEL", key);
      redis.ask(
          "HSET", key, "id", Long.toString(id), "name", name, "total", Integer.toString(total));
    }
  }

  @Override
  public void delete(PipelinePlan plan, long id) throws IOException {
    try (Redis redis = new Redis()) {
      redis.ask("DEL", plan.target().keys().prefix() + id);
    }
  }

  @Override
  public long read(PipelinePlan plan) throws IOException {
    try (Redis redis = new Redis()) {
      long sum = 0;
      for (Object cursor : redis.cursors(plan, "*")) {
        sum += Long.parseLong((String) redis.ask("HGET", (String) cursor, "read"));
      }
      return sum;
    }
  }

  @Override
  public Positions positions(List<PipelinePlan> plans) throws IOException {
    Redis redis = new Redis();
    ByteArrayOutputStream questions = new ByteArrayOutputStream();
    for (PipelinePlan plan : plans) {
      for (int partition = 0; partition < plan.source().partitions(); partition++) {
        String key = "millrace:" + site().store() + ":cursor:" + plan.uid() + ":" + partition;
        questions.writeBytes(Redis.command("HGET", key, "next_offset"));
      }
    }
    return () -> {
      redis.send(questions.toByteArray());
      long[][] all = new long[plans.size()][];
      for (int i = 0; i < all.length; i++) {
        all[i] = new long[plans.get(i).source().partitions()];
        for (int partition = 0; partition < all[i].length; partition++) {
          all[i][partition] = Long.parseLong((String) redis.reply());
        }
      }
      return all;
    };
  }

  @Override
  public void loseCursor(PipelinePlan plan, int partition) throws IOException {
    try (Redis redis = new Redis()) {
      List<?> keys = redis.cursors(plan, Integer.toString(partition));
      if (keys.size() != 1 || !Long.valueOf(1).equals(redis.ask("DEL", (String) keys.get(0)))) {
        throw new IllegalStateException("there was no such cursor");
      }
    }
  }

  @Override
  public void stop() {
    server.close();
  }

  @Override
  public void kill() throws Exception {
    ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
    process.destroyForcibly();
    process.onExit().get();
  }

  @Override
  public void start() {
    server = EmbeddedRedis.start(directory, port);
  }

  @Override
  public void backUp() throws Exception {
    Copies.replace(directory, home.resolve("backup"));
  }

  @Override
  public void restore() throws Exception {
    Copies.replace(home.resolve("backup"), directory);
  }

  @Override
  public void close() {
    server.close();
  }

  /** As the admin; knows the kinds of replies that these tests meet. */
  private final class Redis implements AutoCloseable {
    private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    private final InputStream in = new BufferedInputStream(socket.getInputStream());

    Redis() throws IOException {
      ask("AUTH", server.password());
    }

    @Nullable Object ask(String... words) throws IOException {
      send(command(words));
      return reply();
    }

    void send(byte[] commands) throws IOException {
      socket.getOutputStream().write(commands);
    }

    static byte[] command(String... words) {
      StringBuilder command = new StringBuilder("*" + words.length + "\r\n");
      for (String word : words) {
        int bytes = word.getBytes(StandardCharsets.UTF_8).length;
        command.append('$').append(bytes).append("\r\n").append(word).append("\r\n");
      }
      return command.toString().getBytes(StandardCharsets.UTF_8);
    }

    List<?> cursors(PipelinePlan plan, String partition) throws IOException {
      return (List<?>) ask("KEYS", "millrace:*:cursor:" + plan.uid() + ":" + partition);
    }

    @Nullable Object reply() throws IOException {
      String head = line();
      String rest = head.substring(1);
      return switch (head.charAt(0)) {
        case '+' -> rest;
        case ':' -> Long.valueOf(rest);
        case '$' -> bulk(Integer.parseInt(rest));
        case '*' -> {
          List<@Nullable Object> items = new ArrayList<>();
          for (int i = Integer.parseInt(rest); i > 0; i--) {
            items.add(reply());
          }
          yield items;
        }
        default -> throw new IOException("Redis refused: " + head);
      };
    }

    private @Nullable String bulk(int length) throws IOException {
      if (length < 0) {
        return null;
      }
      String text = new String(in.readNBytes(length), StandardCharsets.UTF_8);
      in.skipNBytes(2);
      return text;
    }

    private String line() throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int next = in.read(); next != '\r'; next = in.read()) {
        if (next < 0) {
          throw new IOException("Redis hung up");
        }
        line.write(next);
      }
      in.skipNBytes(1);
      return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
