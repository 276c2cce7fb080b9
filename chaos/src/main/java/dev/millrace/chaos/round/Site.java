package dev.millrace.chaos.round;

import dev.millrace.chaos.platform.Platform;
import dev.millrace.chaos.store.PostgresServer;
import dev.millrace.chaos.store.Proxy;
import dev.millrace.chaos.store.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.HexFormat;

/** All processes of a run: a platform, two stores' servers, and a proxy before each of these. */
public final class Site implements AutoCloseable {
  static final String TENANT = "chaos";
  static final String TABLES = "warehouse";
  static final String HASHES = "cache";

  private final Path directory;
  private final PostgresServer postgres;
  private final RedisServer redis;
  private final Proxy toPostgres;
  private final Proxy toRedis;
  private final Platform platform;
  private final Trace trace;

  private Site(
      Path directory,
      PostgresServer postgres,
      RedisServer redis,
      Proxy toPostgres,
      Proxy toRedis,
      Platform platform) {
    this.directory = directory;
    this.postgres = postgres;
    this.redis = redis;
    this.toPostgres = toPostgres;
    this.toRedis = toRedis;
    this.platform = platform;
    this.trace = new Trace(directory);
  }

  public static Site start() throws IOException, SQLException, InterruptedException {
    Path directory = Files.createTempDirectory(Leftovers.PREFIX);
    Leftovers.claim(directory);
    // The account that root lends to Postgres has to pass.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    String secret = HexFormat.of().formatHex(random);
    PostgresServer postgres = PostgresServer.start(directory.resolve("postgres"), secret);
    RedisServer redis = RedisServer.start(directory.resolve("redis"), secret);
    Site site =
        new Site(
            directory,
            postgres,
            redis,
            Proxy.before(postgres.port()),
            Proxy.before(redis.port()),
            Platform.start(directory.resolve("platform")));
    site.declareStores();
    return site;
  }

  public Path directory() {
    return directory;
  }

  public Trace trace() {
    return trace;
  }

  public Platform platform() {
    return platform;
  }

  public PostgresServer postgres() {
    return postgres;
  }

  public RedisServer redis() {
    return redis;
  }

  public Proxy toPostgres() {
    return toPostgres;
  }

  public Proxy toRedis() {
    return toRedis;
  }

  @Override
  public void close() {
    platform.close();
    postgres.close();
    redis.close();
  }

  /** Everything below its directory; for root, Postgres may keep its data elsewhere. */
  void delete() throws IOException, InterruptedException {
    new ProcessBuilder("rm", "-rf", directory.toString()).start().waitFor();
  }

  private void declareStores() throws IOException, InterruptedException {
    String stores = "tenants/" + TENANT + "/stores/";
    platform.rest().put(stores + TABLES, postgres.store(TABLES, toPostgres.port()));
    platform.rest().put(stores + HASHES, redis.store(HASHES, toRedis.port()));
  }
}
