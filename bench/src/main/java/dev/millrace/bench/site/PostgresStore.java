package dev.millrace.bench.site;

import dev.millrace.bench.workload.Column;
import dev.millrace.bench.workload.Comparison;
import dev.millrace.embedded.EmbeddedPostgres;
import dev.millrace.embedded.Ports;
import dev.millrace.outside.BroughtStores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * The Postgres that all write to, seen by its superuser. Everything is durable: fsync, checksums.
 */
public final class PostgresStore implements AutoCloseable {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "shared_buffers", "1GB",
          "max_wal_size", "8GB",
          "max_connections", "1200");

  private final EmbeddedPostgres server;

  private PostgresStore(EmbeddedPostgres server) {
    this.server = server;
  }

  static PostgresStore start(Path directory, String secret) throws SQLException {
    PostgresStore store =
        new PostgresStore(EmbeddedPostgres.start(directory, Ports.free(), SETTINGS));
    try (Connection connection = store.connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + BroughtStores.DATABASE);
    }
    store.run(BroughtStores.postgresGrants(secret));
    return store;
  }

  public ProcessHandle process() {
    return ProcessHandle.of(server.pid()).orElseThrow();
  }

  public int port() {
    return server.port();
  }

  public String url() {
    return server.jdbcUrl(BroughtStores.DATABASE);
  }

  public String user() {
    return EmbeddedPostgres.SUPERUSER;
  }

  public String password() {
    return server.password();
  }

  public Connection connect() throws SQLException {
    return connect(BroughtStores.DATABASE);
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(server.jdbcUrl(database), user(), password());
  }

  /** Each by itself. */
  public void run(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Hands all rows of a table to a comparison. */
  public void compare(String table, List<Column> columns, Comparison with)
      throws SQLException, IOException {
    String list = columns.stream().map(Column::compared).collect(Collectors.joining(", "));
    try (Connection connection = connect()) {
      CopyOut rows =
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyOut("COPY (SELECT " + list + " FROM " + table + ") TO STDOUT");
      for (byte[] row = rows.readFromCopy(); row != null; row = rows.readFromCopy()) {
        with.row(values(new String(row, 0, row.length - 1, StandardCharsets.UTF_8)));
      }
    }
  }

  private static List<String> values(String line) {
    List<String> values = new ArrayList<>();
    int from = 0;
    for (int tab = line.indexOf('\t'); tab >= 0; tab = line.indexOf('\t', from)) {
      values.add(CopyText.unescaped(line.substring(from, tab)));
      from = tab + 1;
    }
    values.add(CopyText.unescaped(line.substring(from)));
    return values;
  }

  @Override
  public void close() {
    server.close();
  }
}
