package dev.millrace.chaos.store;

import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.embedded.Ports;
import dev.millrace.outside.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A replica of the stores' Redis, fed through a proxy that can hold the stream back. */
public final class RedisReplica implements AutoCloseable {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

  private final Path directory;
  private final EmbeddedRedis server;
  private final Proxy stream;

  private RedisReplica(Path directory, EmbeddedRedis server, Proxy stream) {
    this.directory = directory;
    this.server = server;
    this.stream = stream;
  }

  /** Returns when it has all that the master has, in its own append-only file too. */
  static RedisReplica start(Path home, EmbeddedRedis master, String secret) throws IOException {
    RedisReplica replica =
        new RedisReplica(
            home, EmbeddedRedis.start(home, Ports.free()), Proxy.before(master.port()));
    try (Resp admin = replica.connect()) {
      RedisServer.makeUsers(admin, secret);
      admin.ask("CONFIG", "SET", "masterauth", master.password());
      admin.ask("REPLICAOF", "127.0.0.1", Integer.toString(replica.stream.port()));
      Eventually.await("the replica follows", LONG_ENOUGH, () -> follows(admin));
    }
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

  /** Makes a master of it, which knows nothing of what was held back. */
  EmbeddedRedis promote() throws IOException {
    stream.close();
    try (Resp admin = connect()) {
      admin.ask("REPLICAOF", "NO", "ONE");
    }
    return server;
  }

  @Override
  public void close() throws IOException {
    stream.close();
    server.close();
  }

  private static boolean follows(Resp admin) throws IOException {
    return RedisServer.info(admin, "replication", "master_link_status").equals("up")
        && RedisServer.info(admin, "persistence", "aof_rewrite_in_progress").equals("0")
        && RedisServer.info(admin, "persistence", "aof_rewrite_scheduled").equals("0");
  }

  private Resp connect() throws IOException {
    return new Resp(server.port(), "default", server.password());
  }
}
