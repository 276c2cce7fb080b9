package dev.millrace.kubernetes;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** How to reach the event store, from what a container was told. */
final class KafkaSettings {
  private static final String SERVERS = "bootstrap.servers";

  private KafkaSettings() {}

  /** Client settings; the address may stand in the file, too. */
  static Map<String, Object> of(KubernetesConfig.Kafka config) throws CannotStart {
    Map<String, Object> settings = new HashMap<>();
    Optional<Path> file = config.properties();
    if (file.isPresent()) {
      Properties further = new Properties();
      try (Reader reader = Files.newBufferedReader(file.get(), StandardCharsets.UTF_8)) {
        further.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw new CannotStart(
            "the settings for Kafka cannot be read ("
                + e
                + "): look at the Secret that the chart's value kafka.secret names, whose key is"
                + " kafka.properties");
      }
      further.forEach((name, value) -> settings.put((String) name, value));
    }
    config.bootstrapServers().ifPresent(servers -> settings.put(SERVERS, servers));
    if (!settings.containsKey(SERVERS)) {
      throw new CannotStart(
          "no Kafka is named: set the chart's value kafka.bootstrapServers"
              + " (MILLRACE_KAFKA_BOOTSTRAP_SERVERS)");
    }
    return settings;
  }
}
