package dev.millrace.catalog;

import dev.millrace.api.Topics;
import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.embedded.EmbeddedPostgres;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** A real Kafka and a real Postgres, started once for all tests of the module. */
public final class Servers implements QuarkusTestResourceLifecycleManager {
  private EmbeddedKafka kafka;
  private EmbeddedPostgres postgres;
  private Path directory;

  @Override
  public Map<String, String> start() {
    directory = freshDirectory();
    CompletableFuture<EmbeddedPostgres> starting =
        CompletableFuture.supplyAsync(
            () -> EmbeddedPostgres.start(directory.resolve("postgres"), 0));
    // On this thread, whose class loader is the one that Kafka finds its plugins by.
    kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
    postgres = starting.join();
    createPlatformTopics();
    return settings();
  }

  @Override
  public void stop() {
    if (kafka != null) {
      kafka.close();
    }
    if (postgres != null) {
      postgres.close();
    }
    Path servers = directory;
    Stream.of(servers, EmbeddedPostgres.dataHome(servers.resolve("postgres")).getParent())
        .forEach(Servers::delete);
  }

  private static void delete(Path tree) {
    try (Stream<Path> paths = Files.walk(tree)) {
      paths.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("quarkus.datasource.jdbc.url", postgres.jdbcUrl("postgres"));
    settings.put("quarkus.datasource.username", EmbeddedPostgres.SUPERUSER);
    settings.put("quarkus.datasource.password", postgres.password());
    settings.put("millrace.catalog.info.kafka", kafka.bootstrapServers());
    kafka
        .platformProperties()
        .forEach((name, value) -> settings.put("millrace.catalog.kafka.\"" + name + "\"", value));
    return settings;
  }

  private void createPlatformTopics() {
    List<NewTopic> topics =
        Stream.of(
                Topics.DEFINITIONS,
                Topics.STATUS,
                Topics.CORRECTIONS,
                Topics.REQUESTS,
                Topics.ANSWERS)
            .map(name -> new NewTopic(name, 1, (short) 1))
            .toList();
    try (Admin admin = Admin.create(new HashMap<String, Object>(kafka.platformProperties()))) {
      admin.createTopics(topics).all().get(120, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("the platform's topics were not made", e);
    }
  }

  private static Path freshDirectory() {
    try {
      return Files.createTempDirectory("millrace-catalog-test");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
