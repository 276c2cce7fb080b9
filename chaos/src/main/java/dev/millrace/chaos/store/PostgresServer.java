package dev.millrace.chaos.store;

import dev.millrace.chaos.load.Load.Place;
import dev.millrace.chaos.load.Row;
import dev.millrace.chaos.platform.Eventually;
import dev.millrace.chaos.platform.FaultMissed;
import dev.millrace.chaos.platform.Signals;
import dev.millrace.embedded.EmbeddedPostgres;
import dev.millrace.embedded.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** The Postgres that is brought as a store, in a process of its own, seen by its superuser. */
public final class PostgresServer implements AutoCloseable {
  private static final String DATABASE = "warehouse";

  private final String secret;
  private volatile Path directory;
  private volatile EmbeddedPostgres server;
  private int replicas;

  private PostgresServer(Path directory, String secret) {
    this.directory = directory;
    this.secret = secret;
    this.server = EmbeddedPostgres.start(directory, Ports.free());
  }

  public static PostgresServer start(Path directory, String secret) throws SQLException {
    PostgresServer postgres = new PostgresServer(directory, secret);
    try (Connection connection = postgres.connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + DATABASE);
    }
    postgres.run(
        "CREATE ROLE writer LOGIN PASSWORD '" + secret + "'",
        "GRANT CONNECT, TEMPORARY ON DATABASE warehouse TO writer",
        "CREATE SCHEMA millrace AUTHORIZATION writer",
        "GRANT USAGE, CREATE ON SCHEMA public TO writer",
        "CREATE ROLE analyst LOGIN PASSWORD '" + secret + "'",
        "GRANT CONNECT ON DATABASE warehouse TO analyst",
        "GRANT USAGE ON SCHEMA public TO analyst");
    return postgres;
  }

  public int port() {
    return server.port();
  }

  /** The Store, at the address of a proxy before it. */
  public String store(String name, int proxyPort) {
    return """
    apiVersion: millrace.dev/v1alpha1
    kind: Store
    metadata: {name: %s}
    spec:
      class: external
      connection:
        engine: Postgres
        host: 127.0.0.1
        port: %d
        database: warehouse
        writer: {username: writer, password: %s}
        reader: {username: analyst, password: %s}
    """
        .formatted(name, proxyPort, secret, secret);
  }

  public String secret() {
    return secret;
  }

  // --- faults -------------------------------------------------------------------------------

  public void kill() throws IOException, InterruptedException {
    Signals.killTree(server.pid());
  }

  /** Returns when it takes connections. */
  public void startAgain() {
    server = EmbeddedPostgres.start(directory, server.port());
  }

  public void freeze() throws IOException, InterruptedException {
    Signals.freezeTree(server.pid());
  }

  public void thaw() throws IOException, InterruptedException {
    Signals.thawTree(server.pid());
  }

  /** Copies all data, as a backup does, while the server is stopped for it. */
  public void backUp() throws IOException, InterruptedException {
    server.close();
    copy(data(), backup());
    startAgain();
  }

  /** Kills it and lets it go on from the copy. */
  public void restore() throws IOException, InterruptedException {
    kill();
    copy(backup(), data());
    startAgain();
  }

  /** A streaming replica of it, up to date; to copy the data, the server is stopped. */
  public PostgresReplica replica() throws IOException, InterruptedException {
    Path home = directory.resolveSibling("postgres-replica-" + ++replicas);
    server.close();
    PostgresReplica.copy(directory, home);
    startAgain();
    return PostgresReplica.start(home, server.port(), server.password());
  }

  /** Kills it, and the replica goes on in its place with what it had. */
  public void failOver(PostgresReplica replica)
      throws IOException, SQLException, InterruptedException {
    kill();
    Path lost = directory;
    server = replica.promote();
    directory = replica.directory();
    // Hundreds of rounds would fill the disk.
    command("rm", "-rf", EmbeddedPostgres.dataHome(lost).resolve("data").toString());
  }

  /** Moves a table to a disk of its own, a small one. */
  public SmallDisk moveToSmallDisk(String table, int megabytes)
      throws IOException, SQLException, InterruptedException {
    SmallDisk disk =
        SmallDisk.mount(
            data().resolveSibling("small-disk"), megabytes, data().resolve("PG_VERSION"));
    run(
        "CREATE TABLESPACE small LOCATION '" + disk.space() + "'",
        "ALTER TABLE public." + table + " SET TABLESPACE small");
    return disk;
  }

  /** Moves it back and gives the disk up. */
  public void moveBack(String table, SmallDisk disk)
      throws IOException, SQLException, InterruptedException {
    try {
      run("ALTER TABLE public." + table + " SET TABLESPACE pg_default", "DROP TABLESPACE small");
    } finally {
      disk.close();
    }
  }

  /** Runs statements as the superuser, each by itself. */
  public void run(String... statements) throws SQLException {
    try (Connection connection = connect(DATABASE)) {
      for (String sql : statements) {
        try (Statement statement = connection.createStatement()) {
          statement.execute(sql);
        }
      }
    }
  }

  /** How many rows a statement changed; none means that it hit nothing. */
  public int change(String sql, Object... arguments) throws SQLException {
    try (Connection connection = connect(DATABASE);
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) {
        statement.setObject(i + 1, arguments[i]);
      }
      int changed = statement.executeUpdate();
      if (changed == 0) {
        throw new FaultMissed("it changed nothing: " + sql);
      }
      return changed;
    }
  }

  /**
   * Ends the writer's sessions, which would otherwise not notice a change of their role.
   *
   * @return how many there were
   */
  public int endWriters() throws SQLException {
    int ended = 0;
    try (Connection connection = connect(DATABASE);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename ="
                    + " 'writer'")) {
      while (row.next()) {
        ended++;
      }
    }
    return ended;
  }

  /**
   * Holds a table against everybody else. Returns when the time is over and the writer has waited;
   * between two of its attempts it does not.
   */
  public void lock(String table, long millis) throws SQLException, InterruptedException {
    try (Connection connection = connect(DATABASE);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE public." + table + " IN ACCESS EXCLUSIVE MODE");
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
      Eventually.await(
          "the writer wants the table that is locked",
          Duration.ofSeconds(60),
          () -> writersThatWait(statement) > 0);
      TimeUnit.NANOSECONDS.sleep(Math.max(0, end - System.nanoTime()));
      connection.rollback();
    }
  }

  private static int writersThatWait(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
                + " WHERE NOT granted AND usename = 'writer'")) {
      row.next();
      return row.getInt(1);
    }
  }

  // --- what is in it ------------------------------------------------------------------------

  public Connection connect() throws SQLException {
    return connect(DATABASE);
  }

  /** Cursors and rows in one snapshot of the server's. */
  public static Snapshot snapshot(Connection connection, String uid, String table, int partitions)
      throws SQLException, CursorMissing {
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try {
      Snapshot.Cursor[] cursors = cursors(connection, uid, partitions);
      SortedMap<String, Row> rows = new TreeMap<>();
      try (Statement statement = connection.createStatement();
          ResultSet row =
              statement.executeQuery(
                  "SELECT order_id, version, total, country FROM public." + table)) {
        while (row.next()) {
          rows.put(
              row.getString(1), new Row(row.getLong(2), row.getBigDecimal(3), row.getString(4)));
        }
      }
      return new Snapshot(cursors, rows);
    } finally {
      connection.rollback();
    }
  }

  public Snapshot.Cursor[] cursors(String uid, int partitions) throws SQLException, CursorMissing {
    try (Connection connection = connect()) {
      return cursors(connection, uid, partitions);
    }
  }

  /**
   * A row of a table that keeps every event.
   *
   * @param row null for a deletion
   */
  public record Appended(String key, @org.jspecify.annotations.Nullable Row row) {}

  /** By place, a list for each: two rows of one place are what nobody wants to see. */
  public Map<Place, List<Appended>> appended(String table) throws SQLException {
    Map<Place, List<Appended>> found = new TreeMap<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT _partition, _offset, _deleted, order_id, version, total, country"
                    + " FROM public."
                    + table)) {
      while (row.next()) {
        Row values =
            row.getBoolean(3)
                ? null
                : new Row(row.getLong(5), row.getBigDecimal(6), row.getString(7));
        found
            .computeIfAbsent(new Place(row.getInt(1), row.getLong(2)), p -> new ArrayList<>(1))
            .add(new Appended(row.getString(4), values));
      }
    }
    return found;
  }

  public Set<Place> deadLetters(String uid) throws SQLException {
    Set<Place> found = new TreeSet<>();
    try (Connection connection = connect();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT partition, \"offset\" FROM millrace.dead_letter WHERE subscription = ?")) {
      statement.setString(1, uid);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          found.add(new Place(row.getInt(1), row.getLong(2)));
        }
      }
    }
    return found;
  }

  @Override
  public void close() {
    server.close();
  }

  private static Snapshot.Cursor[] cursors(Connection connection, String uid, int partitions)
      throws SQLException, CursorMissing {
    Snapshot.Cursor[] cursors = new Snapshot.Cursor[partitions];
    int found = 0;
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT partition, next_offset, read, applied, filtered, dead_lettered, skipped"
                + " FROM millrace.cursor WHERE subscription = ?")) {
      statement.setString(1, uid);
      try (ResultSet row = statement.executeQuery()) {
        for (; row.next(); found++) {
          cursors[row.getInt(1)] =
              new Snapshot.Cursor(
                  row.getLong(2),
                  row.getLong(3),
                  row.getLong(4),
                  row.getLong(5),
                  row.getLong(6),
                  row.getLong(7));
        }
      }
    }
    if (found != partitions) {
      throw new CursorMissing("Postgres has " + found + " cursors of " + partitions);
    }
    return cursors;
  }

  private Connection connect(String database) throws SQLException {
    return connect(server, database);
  }

  static Connection connect(EmbeddedPostgres server, String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", EmbeddedPostgres.SUPERUSER);
    properties.setProperty("password", server.password());
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("socketTimeout", "60");
    return DriverManager.getConnection(server.jdbcUrl(database), properties);
  }

  private Path data() {
    return EmbeddedPostgres.dataHome(directory).resolve("data");
  }

  private Path backup() {
    return data().resolveSibling("backup");
  }

  static void copy(Path from, Path to) throws IOException, InterruptedException {
    command("rm", "-rf", to.toString());
    command("cp", "-a", from.toString(), to.toString());
  }

  static void command(String... words) throws IOException, InterruptedException {
    if (new ProcessBuilder(words).inheritIO().start().waitFor() != 0) {
      throw new IOException(String.join(" ", words) + " failed");
    }
  }
}
