package dev.millrace.catalog;

import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;

/**
 * How the catalog reaches the event store.
 *
 * @param settings of Kafka clients that log in as the platform's own principal, by their Kafka
 *     names; may hold a password
 */
public record KafkaLogin(Map<String, String> settings) {

  /** Without what the settings are. */
  @Override
  public String toString() {
    return "KafkaLogin of " + settings.keySet();
  }

  /** Of an application that has none of its own: as the configuration says. */
  @Singleton
  static class Configured {
    @Produces
    @Singleton
    @DefaultBean
    KafkaLogin login(CatalogConfig config) {
      return new KafkaLogin(config.kafka());
    }
  }
}
