package dev.millrace.controller;

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
public final class KafkaSettings {
  private static final String SERVERS = "bootstrap.servers";

  private KafkaSettings() {}

  /**
   * Client settings; the address may stand in the file, too.
   *
   * @param servers names and ports of brokers
   * @param file further settings of Kafka clients: security and login
   * @throws CannotStart when there is no address, or the file cannot be read
   */
  public static Map<String, Object> of(Optional<String> servers, Optional<Path> file)
      throws CannotStart {
    Map<String, Object> settings = new HashMap<>();
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
    servers.ifPresent(given -> settings.put(SERVERS, given));
    if (!settings.containsKey(SERVERS)) {
      throw new CannotStart(
          "no Kafka is named: set the chart's value kafka.bootstrapServers"
              + " (MILLRACE_KAFKA_BOOTSTRAP_SERVERS)");
    }
    return settings;
  }
}
