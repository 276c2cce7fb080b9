package dev.millrace.standalone.server;

import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.embedded.EmbeddedPostgres;
import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.embedded.OwnedProcess;
import dev.millrace.embedded.ServerFailed;
import dev.millrace.stores.credentials.Credentials;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Kafka, Postgres and Redis of one platform: started here, all at once, or there already. */
public final class Servers {
  private final Map<String, String> kafkaPlatform;
  private final Map<String, String> kafkaClient;
  private final Server postgres;
  private final Server redis;

  private Servers(
      Map<String, String> kafkaPlatform,
      Map<String, String> kafkaClient,
      Server postgres,
      Server redis) {
    this.kafkaPlatform = Map.copyOf(kafkaPlatform);
    this.kafkaClient = Map.copyOf(kafkaClient);
    this.postgres = postgres;
    this.redis = redis;
  }

  /**
   * @param started is told of each server to stop at the end, before it is of any use
   * @throws StartFailed with one sentence for a person
   */
  public static Servers start(
      DataDirectory data, int httpPort, ServerChoice choice, Shutdown started) {
    EmbeddedPostgres.endOrphan(data.home().resolve("postgres"));
    EmbeddedRedis.endOrphan(data.home().resolve("redis"));
    StablePorts ports = new StablePorts(data.run("ports"), httpPort);
    CompletableFuture<Server> postgres = begin(() -> postgres(data, ports, choice));
    CompletableFuture<Server> redis = begin(() -> redis(data, ports, choice));
    CompletableFuture<@Nullable EmbeddedKafka> kafka =
        begin(() -> choice.kafka().isPresent() ? null : kafka(data, ports, started));
    CompletableFuture.allOf(postgres, redis, kafka).exceptionally(any -> null).join();
    @Nullable EmbeddedKafka embedded = result(kafka);
    return new Servers(
        embedded != null ? embedded.platformProperties() : brought(choice),
        embedded != null ? embedded.clientProperties() : brought(choice),
        result(postgres),
        result(redis));
  }

  /** Client settings of the principal that may do everything. */
  public Map<String, String> kafkaPlatform() {
    return kafkaPlatform;
  }

  /** Client settings to give to applications. */
  public Map<String, String> kafkaClient() {
    return kafkaClient;
  }

  public Server postgres() {
    return postgres;
  }

  public Server redis() {
    return redis;
  }

  /** Ends the servers that are processes of their own. */
  public static void endProcesses() {
    OwnedProcess.endAll();
  }

  private static <T extends @Nullable Object> CompletableFuture<T> begin(Supplier<T> start) {
    return CompletableFuture.supplyAsync(start, task -> Thread.ofPlatform().start(task));
  }

  private static <T extends @Nullable Object> T result(CompletableFuture<T> started) {
    try {
      return started.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case StartFailed failed -> throw failed;
        case ServerFailed failed -> throw new StartFailed(String.valueOf(failed.getMessage()));
        default -> throw e;
      }
    }
  }

  private static EmbeddedKafka kafka(DataDirectory data, StablePorts ports, Shutdown started) {
    EmbeddedKafka kafka = EmbeddedKafka.start(data.home().resolve("kafka"), ports.of("kafka"));
    started.last(kafka::close);
    return kafka;
  }

  private static Server postgres(DataDirectory data, StablePorts ports, ServerChoice choice) {
    return choice
        .postgres()
        .map(url -> Server.of(url, "--postgres", "postgresql", 5432, "postgres"))
        .orElseGet(() -> {
          EmbeddedPostgres server =
              EmbeddedPostgres.start(data.home().resolve("postgres"), ports.of("postgres"));
          return new Server(
              "127.0.0.1",
              server.port(),
              "postgres",
              new Credentials(EmbeddedPostgres.SUPERUSER, server.password()),
              false);
        });
  }

  private static Server redis(DataDirectory data, StablePorts ports, ServerChoice choice) {
    return choice
        .redis()
        .map(url -> Server.of(url, "--redis", "redis", 6379, "0"))
        .orElseGet(() -> {
          EmbeddedRedis server =
              EmbeddedRedis.start(data.home().resolve("redis"), ports.of("redis"));
          return new Server(
              "127.0.0.1",
              server.port(),
              "0",
              new Credentials("default", server.password()),
              false);
        });
  }

  private static Map<String, String> brought(ServerChoice choice) {
    Map<String, String> settings = new HashMap<>();
    choice.kafkaProperties().ifPresent(file -> settings.putAll(read(file)));
    settings.put("bootstrap.servers", choice.kafka().orElseThrow());
    return settings;
  }

  private static Map<String, String> read(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new StartFailed("--kafka-properties " + file + " cannot be read (" + e + ")");
    }
    Map<String, String> settings = new HashMap<>();
    properties.stringPropertyNames().forEach(key -> settings.put(key, properties.getProperty(key)));
    return settings;
  }
}
