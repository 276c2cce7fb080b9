package dev.millrace.provisioner;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.embedded.EmbeddedPostgres;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.stores.StoreDriver;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.Credentials;
import dev.millrace.stores.postgres.PostgresDriver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class PostgresServer implements EngineServer {
  private static final String DATABASE = "datapath";

  private final Path directory;
  private final StoreDriver driver = new PostgresDriver();
  private final int port;
  private EmbeddedPostgres server;

  PostgresServer() {
    try {
      directory = Files.createTempDirectory("worker-postgres");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server = EmbeddedPostgres.start(directory, 0);
    port = server.port();
  }

  @Override
  public StoreDriver driver() {
    return driver;
  }

  @Override
  public StoreSite site() {
    return new StoreSite(
        new ObjectKey("test", DATABASE),
        "Postgres",
        "127.0.0.1",
        port,
        DATABASE,
        "disable",
        Optional.of(new Credentials(EmbeddedPostgres.SUPERUSER, server.password())),
        new Credentials(DATABASE + "_writer", "secret of the writer"));
  }

  @Override
  public PipelinePlan.Target target(String name) {
    return new PipelinePlan.Target(
        "Postgres",
        site().store(),
        "127.0.0.1",
        port,
        DATABASE,
        "disable",
        "writer",
        new PipelinePlan.Table("public", name, List.of(List.of("name"))),
        null);
  }

  @Override
  public Map<StoreKey, List<@Nullable Object>> rows(PipelinePlan plan) throws SQLException {
    Map<StoreKey, List<@Nullable Object>> rows = new HashMap<>();
    for (List<@Nullable Object> row :
        select("SELECT id, name, total FROM public." + plan.target().table().name())) {
      rows.put(new StoreKey(row.get(0)), row);
    }
    return rows;
  }

  List<List<@Nullable Object>> select(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      List<List<@Nullable Object>> rows = new ArrayList<>();
      while (row.next()) {
        @Nullable Object[] values = new @Nullable Object[row.getMetaData().getColumnCount()];
        for (int i = 0; i < values.length; i++) {
          values[i] = row.getObject(i + 1);
        }
        rows.add(Arrays.asList(values));
      }
      return rows;
    }
  }

  @Override
  public void put(PipelinePlan plan, long id, String name, int total) throws SQLException {
    String values = id + ", '" + name + "', " + total;
    delete(plan, id);
    run("INSERT INTO " + table(plan) + " (id, name, total) VALUES (" + values + ")");
  }

  @Override
  public void delete(PipelinePlan plan, long id) throws SQLException {
    run("DELETE FROM " + table(plan) + " WHERE id = " + id);
  }

  private static String table(PipelinePlan plan) {
    return "public." + plan.target().table().name();
  }

  void run(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public long read(PipelinePlan plan) throws SQLException {
    String sum = "SELECT sum(read)::bigint FROM millrace.cursor WHERE subscription = ";
    return (Long) select(sum + "'" + plan.uid() + "'").get(0).get(0);
  }

  @Override
  public Positions positions(List<PipelinePlan> plans) throws SQLException {
    PreparedStatement cursors =
        connect()
            .prepareStatement("SELECT subscription, partition, next_offset FROM millrace.cursor");
    return () -> {
      Map<String, long[]> all = new HashMap<>();
      plans.forEach(plan -> all.put(plan.uid(), new long[plan.source().partitions()]));
      try (ResultSet row = cursors.executeQuery()) {
        while (row.next()) {
          all.get(row.getString(1))[row.getInt(2)] = row.getLong(3);
        }
      }
      return plans.stream().map(plan -> all.get(plan.uid())).toArray(long[][]::new);
    };
  }

  @Override
  public void loseCursor(PipelinePlan plan, int partition) throws SQLException {
    try (Connection connection = connect();
        PreparedStatement delete =
            connection.prepareStatement(
                "DELETE FROM millrace.cursor WHERE subscription = ? AND partition = ?")) {
      delete.setString(1, plan.uid());
      delete.setInt(2, partition);
      if (delete.executeUpdate() != 1) {
        throw new IllegalStateException("there was no such cursor");
      }
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(
        server.jdbcUrl(DATABASE), EmbeddedPostgres.SUPERUSER, server.password());
  }

  @Override
  public void stop() {
    server.close();
  }

  /**
   * With its children, which would still hold the shared memory for a moment. First it is frozen,
   * so that it makes none while they are counted.
   */
  @Override
  public void kill() throws Exception {
    ProcessHandle postmaster = ProcessHandle.of(server.pid()).orElseThrow();
    new ProcessBuilder("kill", "-STOP", Long.toString(postmaster.pid())).start().waitFor();
    List<ProcessHandle> all = new ArrayList<>(List.of(postmaster));
    postmaster.children().forEach(all::add);
    all.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle each : all) {
      each.onExit().get();
    }
  }

  @Override
  public void start() {
    server = EmbeddedPostgres.start(directory, port);
  }

  @Override
  public void backUp() throws Exception {
    copy("data", "backup");
  }

  @Override
  public void restore() throws Exception {
    copy("backup", "data");
  }

  private void copy(String from, String to) throws Exception {
    Path home = EmbeddedPostgres.dataHome(directory);
    Copies.replace(home.resolve(from), home.resolve(to));
  }

  @Override
  public void close() {
    server.close();
  }
}
