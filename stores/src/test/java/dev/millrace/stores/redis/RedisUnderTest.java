package dev.millrace.stores.redis;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.PlanBuilder;
import dev.millrace.stores.StoreDriver;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.StoreUnderTest;
import dev.millrace.stores.credentials.Credentials;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/** A Redis of its own. */
final class RedisUnderTest implements StoreUnderTest, AutoCloseable {
  private static final AtomicInteger STORES = new AtomicInteger();

  private final TestServer server;
  private final RedisDriver driver = new RedisDriver();

  RedisUnderTest(Path directory) {
    this(TestServer.start(directory));
  }

  RedisUnderTest(TestServer server) {
    this.server = server;
  }

  @Override
  public StoreDriver driver() {
    return driver;
  }

  @Override
  public StoreSite site() {
    return site("main");
  }

  @Override
  public StoreSite anotherSite() {
    return site("other-" + STORES.incrementAndGet());
  }

  private StoreSite site(String store) {
    return new StoreSite(
        new ObjectKey("sales", store),
        "Redis",
        "127.0.0.1",
        server.port(),
        "0",
        "disable",
        Optional.of(new Credentials("default", server.password())),
        new Credentials("sales_" + store + "_writer", "secret of the writer"));
  }

  @Override
  public PlanBuilder plan(String name) {
    return new PlanBuilder(name, target(name));
  }

  @Override
  public PipelinePlan.Target target(String name) {
    return target("Hash", name + ":{id}", name + ":", null);
  }

  PipelinePlan.Target target(String structure, String template, String prefix, Long ttlSeconds) {
    return new PipelinePlan.Target(
        "Redis",
        site().store(),
        "127.0.0.1",
        server.port(),
        "0",
        "disable",
        "writer/sales/main",
        null,
        new PipelinePlan.Keys(structure, template, prefix, ttlSeconds));
  }

  @Override
  public PipelinePlan.Target shadowTarget(PipelinePlan live) {
    PipelinePlan.Keys keys = live.target().keys();
    String before = "rebuild~" + Integer.toHexString(live.uid().hashCode()) + ":";
    return target(
        keys.structure(), before + keys.template(), before + keys.prefix(), keys.ttlSeconds());
  }

  @Override
  public Watcher watcher(PipelinePlan plan, List<String> ids) throws StoreProblem {
    Connection connection = admin();
    Cursors cursors = new Cursors(plan);
    List<String> cursorKeys = plan.start().keySet().stream().map(cursors::key).toList();
    List<String> rowKeys = ids.stream().map(id -> plan.target().keys().prefix() + id).toList();
    return new Watcher() {
      @Override
      public Moment look(boolean cursorsFirst) throws StoreProblem {
        List<String> keys = new ArrayList<>(cursorsFirst ? cursorKeys : rowKeys);
        keys.addAll(cursorsFirst ? rowKeys : cursorKeys);
        connection.ask("MULTI");
        for (String key : keys) {
          connection.ask("HGETALL", key);
        }
        List<Reply> answers = connection.ask("EXEC").items();
        Map<Integer, Long> at = new TreeMap<>();
        List<Map<String, String>> rows = new ArrayList<>();
        long definition = -1;
        for (int i = 0; i < keys.size(); i++) {
          Map<String, String> fields = answers.get(i).fields();
          int partition = cursorKeys.indexOf(keys.get(i));
          if (partition >= 0) {
            at.put(partition, Long.valueOf(fields.get("next_offset")));
            definition = Long.parseLong(fields.get("definition"));
          } else if (!fields.isEmpty()) {
            rows.add(fields);
          }
        }
        return new Moment(definition, at, rows);
      }

      @Override
      public void close() {
        connection.close();
      }
    };
  }

  TestServer server() {
    return server;
  }

  /** A login's own connection. */
  Connection connect(Credentials login) throws StoreProblem {
    return Connection.open(site(), login);
  }

  Connection admin() throws StoreProblem {
    return connect(site().admin().orElseThrow());
  }

  @Override
  public List<Map<String, String>> rowsAs(Credentials login, PipelinePlan plan) throws Exception {
    try (Connection admin = admin();
        Connection connection = connect(login)) {
      List<Map<String, String>> rows = new ArrayList<>();
      for (String key : keys(admin, plan.target().keys().prefix())) {
        rows.add(connection.ask("HGETALL", key).fields());
      }
      return rows;
    }
  }

  @Override
  public void writeAs(Credentials login, PipelinePlan plan) throws Exception {
    try (Connection admin = admin();
        Connection connection = connect(login)) {
      String key = keys(admin, plan.target().keys().prefix()).iterator().next();
      connection.ask("HSET", key, "name", "changed");
    }
  }

  @Override
  public void cutConnections() throws Exception {
    try (Connection admin = admin()) {
      admin.ask("CLIENT", "KILL", "USER", site().writer().username());
    }
  }

  @Override
  public List<String> inventory() throws Exception {
    List<String> all = new ArrayList<>();
    try (Connection admin = admin()) {
      admin.ask("ACL", "LIST").items().forEach(user -> all.add(user.text()));
      for (String key : keys(admin, "")) {
        all.add(key + " = " + content(admin, key));
      }
    }
    all.sort(null);
    return all;
  }

  private static String content(Connection admin, String key) throws StoreProblem {
    String type = admin.ask("TYPE", key).text();
    return switch (type) {
      case "hash" -> new TreeMap<>(admin.ask("HGETALL", key).fields()).toString();
      case "list" ->
          admin.ask("LRANGE", key, "0", "-1").items().stream().map(Reply::text).toList().toString();
      case "string" -> admin.ask("GET", key).text();
      default -> type;
    };
  }

  static TreeSet<String> keys(Connection admin, String prefix) throws StoreProblem {
    TreeSet<String> keys = new TreeSet<>();
    admin.ask("KEYS", "*").items().forEach(key -> keys.add(key.text()));
    keys.removeIf(key -> !key.startsWith(prefix));
    return keys;
  }

  @Override
  public void close() {
    server.close();
  }
}
