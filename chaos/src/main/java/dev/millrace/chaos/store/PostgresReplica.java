package dev.millrace.chaos.store;

import dev.millrace.embedded.EmbeddedPostgres;
import dev.millrace.embedded.Ports;
import dev.millrace.outside.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * A hot standby that streams from the stores' Postgres, through a proxy that can hold the stream
 * back. Recovery that is only paused would not do: a promotion replays first whatever has arrived.
 */
public final class PostgresReplica implements AutoCloseable {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

  private final Path directory;
  private final EmbeddedPostgres server;
  private final Proxy stream;

  private PostgresReplica(Path directory, EmbeddedPostgres server, Proxy stream) {
    this.directory = directory;
    this.server = server;
    this.stream = stream;
  }

  /** Of a server that is stopped: data that was shut down cleanly needs no backup mode. */
  static void copy(Path primary, Path home) throws IOException, InterruptedException {
    Path data = EmbeddedPostgres.dataHome(home).resolve("data");
    Files.createDirectories(home);
    Files.createDirectories(data.getParent());
    Files.copy(primary.resolve("password"), home.resolve("password"));
    PostgresServer.copy(EmbeddedPostgres.dataHome(primary).resolve("data"), data);
  }

  /** Returns when it has all that the primary has. */
  static PostgresReplica start(Path home, int primary, String password) throws IOException {
    Proxy stream = Proxy.before(primary);
    Path data = EmbeddedPostgres.dataHome(home).resolve("data");
    Files.createFile(data.resolve("standby.signal"));
    Files.writeString(
        data.resolve("postgresql.auto.conf"),
        "primary_conninfo = 'host=127.0.0.1 port=%d user=%s password=%s'%n"
            .formatted(stream.port(), EmbeddedPostgres.SUPERUSER, password),
        StandardOpenOption.APPEND);
    PostgresReplica replica =
        new PostgresReplica(home, EmbeddedPostgres.start(home, Ports.free()), stream);
    Eventually.await("the replica streams", LONG_ENOUGH, replica::streams);
    return replica;
  }

  public int port() {
    return server.port();
  }

  Path directory() {
    return directory;
  }

  /** Nothing more reaches it, though it stays connected. */
  public void lag() {
    stream.stall();
  }

  /** Makes a primary of it, which knows nothing of what was held back. */
  EmbeddedPostgres promote() throws SQLException, IOException {
    stream.close();
    try (Connection connection = PostgresServer.connect(server, "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_promote(true, 60)");
    }
    Eventually.await(
        "the replica takes writes", LONG_ENOUGH, () -> !says("SELECT pg_is_in_recovery()"));
    return server;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    stream.close();
    server.close();
    PostgresServer.command(
        "rm", "-rf", EmbeddedPostgres.dataHome(directory).resolve("data").toString());
  }

  private boolean streams() throws SQLException {
    return says("SELECT EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming')");
  }

  private boolean says(String question) throws SQLException {
    try (Connection connection = PostgresServer.connect(server, "postgres");
        Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(question)) {
      return answer.next() && answer.getBoolean(1);
    }
  }
}
