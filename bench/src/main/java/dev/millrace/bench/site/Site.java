package dev.millrace.bench.site;

import dev.millrace.outside.BroughtStores;
import dev.millrace.outside.Eventually;
import dev.millrace.outside.PlatformProcess;
import dev.millrace.outside.Rest;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * All processes that a measurement takes: Kafka, Postgres, Redis, and the platform without a
 * worker. Workers and what they are compared with come and go, one at a time.
 */
public final class Site implements AutoCloseable {
  public static final String TENANT = "bench";
  public static final String TABLES = "warehouse";
  public static final String HASHES = "cache";
  public static final String FORGETFUL = "forgetful-cache";

  private static final Duration STARTED = Duration.ofSeconds(120);
  private static final Duration CALM_WITHIN = Duration.ofSeconds(30);
  private static final double CALM = 0.05;

  private final Path directory;
  private final Process broker;
  private final PostgresStore postgres;
  private final RedisStore redis;
  private final RedisStore forgetful;
  private final PlatformProcess platform;
  private final long seed;
  private final boolean rest;
  private final Map<String, Stream> streams = new HashMap<>();

  private Site(
      Path directory,
      Process broker,
      PostgresStore postgres,
      RedisStore redis,
      RedisStore forgetful,
      PlatformProcess platform,
      long seed,
      boolean rest) {
    this.directory = directory;
    this.broker = broker;
    this.postgres = postgres;
    this.redis = redis;
    this.forgetful = forgetful;
    this.platform = platform;
    this.seed = seed;
    this.rest = rest;
  }

  /**
   * @param rest whether runs begin when everybody has come to rest
   */
  public static Site start(long seed, boolean rest)
      throws IOException, SQLException, InterruptedException {
    Path directory = Files.createTempDirectory("millrace-bench-");
    // The account that root lends to Postgres has to pass.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    String secret = HexFormat.of().formatHex(random);
    Process broker = broker(directory);
    PostgresStore postgres = PostgresStore.start(directory.resolve("postgres"), secret);
    RedisStore redis = RedisStore.start(directory.resolve("redis"), secret);
    RedisStore forgetful = RedisStore.startForgetful(directory.resolve("forgetful"), secret);
    PlatformProcess platform =
        PlatformProcess.start(
            directory.resolve("platform"),
            "--no-worker",
            "--kafka",
            kafka(directory).get("bootstrap.servers").toString(),
            "--kafka-properties",
            kafkaFile(directory).toString());
    String stores = "tenants/" + TENANT + "/stores/";
    platform.rest().put(stores + TABLES, BroughtStores.postgres(TABLES, postgres.port(), secret));
    platform.rest().put(stores + HASHES, BroughtStores.redis(HASHES, redis.port(), secret));
    platform
        .rest()
        .put(stores + FORGETFUL, BroughtStores.redis(FORGETFUL, forgetful.port(), secret));
    return new Site(directory, broker, postgres, redis, forgetful, platform, seed, rest);
  }

  private static Process broker(Path directory) throws IOException {
    Path errors = directory.resolve("broker.out");
    Process broker =
        JavaProcess.start(
            Broker.class.getName(),
            "",
            List.of("-XX:+UseParallelGC", "-Xmx512m"),
            List.of(directory.resolve("kafka").toString(), kafkaFile(directory).toString()),
            errors);
    Eventually.await(
        "Kafka is up",
        STARTED,
        () -> {
          if (!broker.isAlive()) {
            throw new Eventually.Never("Kafka ended, see " + errors);
          }
          return Files.exists(kafkaFile(directory));
        });
    return broker;
  }

  private static Path kafkaFile(Path directory) {
    return directory.resolve("kafka.properties");
  }

  private static Map<String, Object> kafka(Path directory) throws IOException {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(kafkaFile(directory))) {
      properties.load(in);
    }
    Map<String, Object> settings = new HashMap<>();
    properties.forEach((name, value) -> settings.put((String) name, value));
    return settings;
  }

  public Path directory() {
    return directory;
  }

  /** Settings of Kafka's clients. */
  public Path kafkaFile() {
    return kafkaFile(directory);
  }

  public ProcessHandle broker() {
    return broker.toHandle();
  }

  public PostgresStore postgres() {
    return postgres;
  }

  public RedisStore redis() {
    return redis;
  }

  /** The Redis that keeps nothing. */
  public RedisStore forgetful() {
    return forgetful;
  }

  public PlatformProcess platform() {
    return platform;
  }

  public Rest rest() {
    return platform.rest();
  }

  /**
   * The stream of a product, which is made and filled when it is asked for first.
   *
   * @param events none for one that is published to while it is measured
   */
  public Stream stream(String product, boolean insertOnly, long events)
      throws IOException, InterruptedException {
    return stream(Product.of(product, insertOnly), events);
  }

  /** The same of any product. */
  public Stream stream(Product product, long events) throws IOException, InterruptedException {
    String name = product.name();
    Stream there = streams.get(name);
    if (there != null) {
      return there;
    }
    rest().put("tenants/" + TENANT + "/products/" + name, product.yaml());
    Stream stream = new Stream(product, kafka(directory), seed);
    Eventually.await("the topic of " + name + " is there", STARTED, () -> stream.end() == 0);
    stream.fill(events);
    streams.put(name, stream);
    return stream;
  }

  /** Whether runs begin when everybody has come to rest. */
  public boolean rests() {
    return rest;
  }

  /** Returns when nobody here has anything left to do; what was written is on disk. */
  public void awaitCalm() throws SQLException, InterruptedException {
    if (!rest) {
      return;
    }
    postgres.run("CHECKPOINT");
    long end = System.nanoTime() + CALM_WITHIN.toNanos();
    double before = cpu();
    double used;
    do {
      Thread.sleep(500);
      double now = cpu();
      used = (now - before) / 0.5;
      before = now;
    } while (used > CALM && System.nanoTime() < end);
  }

  private double cpu() {
    return List.of(
            broker(),
            postgres.process(),
            redis.process(),
            forgetful.process(),
            platform.process().toHandle())
        .stream()
        .mapToDouble(Usage::cpu)
        .sum();
  }

  @Override
  public void close() {
    platform.close();
    postgres.close();
    redis.close();
    forgetful.close();
    JavaProcess.end(broker);
  }

  /** Everything below its directory; for root, Postgres may keep its data elsewhere. */
  public void delete() throws IOException, InterruptedException {
    new ProcessBuilder("rm", "-rf", directory.toString()).start().waitFor();
  }
}
