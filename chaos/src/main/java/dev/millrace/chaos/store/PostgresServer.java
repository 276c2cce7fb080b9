package dev.millrace.chaos.store;

import dev.millrace.chaos.load.Fields;
import dev.millrace.chaos.load.Load.Place;
import dev.millrace.chaos.load.Row;
import dev.millrace.chaos.platform.FaultMissed;
import dev.millrace.chaos.platform.Signals;
import dev.millrace.embedded.EmbeddedPostgres;
import dev.millrace.embedded.Ports;
import dev.millrace.outside.BroughtStores;
import dev.millrace.outside.Eventually;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
  private static final String DATABASE = BroughtStores.DATABASE;
  private static final String CURSORS =
      "SELECT partition, definition, next_offset, read, applied, filtered, dead_lettered, skipped"
          + " FROM millrace.cursor WHERE subscription = ?";

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
    postgres.run(BroughtStores.postgresGrants(secret));
    return postgres;
  }

  public int port() {
    return server.port();
  }

  /** The Store, at the address of a proxy before it. */
  public String store(String name, int proxyPort) {
    return BroughtStores.postgres(name, proxyPort, secret);
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

  /** What is read first; a table's name is looked up when its turn comes. */
  public enum Order {
    CURSORS_FIRST,
    ROWS_FIRST
  }

  /** Cursors and rows in one snapshot of the server's. */
  public static Snapshot snapshot(
      Connection connection, String uid, String table, int partitions, Order order)
      throws SQLException, CursorMissing {
    beginSnapshot(connection);
    try {
      if (order == Order.ROWS_FIRST) {
        SortedMap<String, Row> rows = rows(connection, table);
        return new Snapshot(cursors(connection, uid, partitions), rows);
      }
      Snapshot.Cursor[] cursors = cursors(connection, uid, partitions);
      return new Snapshot(cursors, rows(connection, table));
    } finally {
      connection.rollback();
    }
  }

  private static void beginSnapshot(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
  }

  private static SortedMap<String, Row> rows(Connection connection, String table)
      throws SQLException {
    SortedMap<String, Row> rows = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM public." + table)) {
      Columns columns = Columns.of(row);
      while (row.next()) {
        rows.put(columns.key(row), columns.row(row));
      }
    }
    return rows;
  }

  /**
   * Which columns a table has of those that differ.
   *
   * @param more beside those that every table has
   */
  private record Columns(String key, List<String> more) {
    private static final Set<String> ALWAYS = Set.of("version", "total", "country");
    private static final Set<String> KEYS = Set.of("order_id", "orderId");

    static Columns of(ResultSet rows) throws SQLException {
      ResultSetMetaData columns = rows.getMetaData();
      String key = "";
      List<String> more = new ArrayList<>();
      for (int i = 1; i <= columns.getColumnCount(); i++) {
        String name = columns.getColumnName(i);
        if (KEYS.contains(name)) {
          key = name;
        } else if (!ALWAYS.contains(name) && !name.startsWith("_")) {
          more.add(name);
        }
      }
      return new Columns(key, more);
    }

    String key(ResultSet row) throws SQLException {
      return row.getString(key);
    }

    Row row(ResultSet row) throws SQLException {
      Map<String, Long> values = new HashMap<>();
      for (String name : more) {
        BigDecimal value = row.getBigDecimal(name);
        if (value != null) {
          values.put(name, Fields.read(name, value));
        }
      }
      return new Row(
          row.getLong("version"), row.getBigDecimal("total"), row.getString("country"), values);
    }

    /** Of all that there is more, as {@link Fields#read} reads it. */
    String sum() {
      return more.stream()
          .map(name ->
              "coalesce(sum(\"%s\"), 0)%s"
                  .formatted(name, name.equals(Fields.AMOUNT) ? " * 100" : ""))
          .reduce("0", (sums, sum) -> sums + " + " + sum);
    }
  }

  /**
   * What a table that keeps every event comes to, with its cursors, in one snapshot.
   *
   * @param tally by partition, see {@link dev.millrace.chaos.load.Fold#tally}
   */
  public record Tally(Snapshot.Cursor[] cursors, long[][] tally) {}

  public static Tally tally(
      Connection connection, String uid, String table, int partitions, Order order)
      throws SQLException, CursorMissing {
    beginSnapshot(connection);
    try {
      if (order == Order.ROWS_FIRST) {
        long[][] tally = tally(connection, table, partitions);
        return new Tally(cursors(connection, uid, partitions), tally);
      }
      Snapshot.Cursor[] cursors = cursors(connection, uid, partitions);
      return new Tally(cursors, tally(connection, table, partitions));
    } finally {
      connection.rollback();
    }
  }

  /** The first look holds the table, so that the second finds the same one. */
  private static long[][] tally(Connection connection, String table, int partitions)
      throws SQLException {
    long[][] tally = new long[partitions][4];
    String from = " FROM public." + table;
    try (Statement statement = connection.createStatement()) {
      Columns columns = Columns.of(statement.executeQuery("SELECT *" + from + " LIMIT 0"));
      ResultSet row =
          statement.executeQuery(
              "SELECT _partition, count(*), sum(_offset), coalesce(sum(version), 0), "
                  + "("
                  + columns.sum()
                  + ")::bigint"
                  + from
                  + " GROUP BY _partition");
      while (row.next()) {
        for (int i = 0; i < 4; i++) {
          tally[row.getInt(1)][i] = row.getLong(i + 2);
        }
      }
    }
    return tally;
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
        ResultSet row = statement.executeQuery("SELECT * FROM public." + table)) {
      Columns columns = Columns.of(row);
      while (row.next()) {
        Row values = row.getBoolean("_deleted") ? null : columns.row(row);
        found
            .computeIfAbsent(
                new Place(row.getInt("_partition"), row.getLong("_offset")),
                p -> new ArrayList<>(1))
            .add(new Appended(columns.key(row), values));
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

  /** Where the cursors of a pipeline stand, by its uid; empty when it has none. */
  public static Map<Integer, Snapshot.Cursor> someCursors(Connection connection, String uid)
      throws SQLException {
    Map<Integer, Snapshot.Cursor> found = new TreeMap<>();
    try (PreparedStatement statement = connection.prepareStatement(CURSORS)) {
      statement.setString(1, uid);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          found.put(
              row.getInt(1),
              new Snapshot.Cursor(
                  row.getLong(2),
                  row.getLong(3),
                  row.getLong(4),
                  row.getLong(5),
                  row.getLong(6),
                  row.getLong(7),
                  row.getLong(8)));
        }
      }
    }
    return found;
  }

  /** What rebuilds have here: tables, and the uids of shadows in all that Millrace keeps. */
  public List<String> ofRebuilds() throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT 'table ' || schemaname || '.' || tablename FROM pg_tables
                  WHERE tablename LIKE 'rebuild\\_%'
                UNION SELECT 'index ' || indexname FROM pg_indexes
                  WHERE indexname LIKE 'rebuild\\_%'
                UNION SELECT 'cursor of ' || subscription FROM millrace.cursor
                  WHERE subscription LIKE '%~%'
                UNION SELECT 'dead letter of ' || subscription FROM millrace.dead_letter
                  WHERE subscription LIKE '%~%'
                UNION SELECT 'line of ' || uid FROM millrace.subscription
                  WHERE uid LIKE '%~%'\
                """)) {
      while (row.next()) {
        found.add(row.getString(1));
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
    Map<Integer, Snapshot.Cursor> found = someCursors(connection, uid);
    if (found.size() != partitions) {
      throw new CursorMissing("Postgres has " + found.size() + " cursors of " + partitions);
    }
    return found.values().toArray(Snapshot.Cursor[]::new);
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
