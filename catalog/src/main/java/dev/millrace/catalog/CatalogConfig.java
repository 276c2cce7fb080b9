package dev.millrace.catalog;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the application that holds the catalog tells it. The database is {@code quarkus.datasource}.
 */
@ConfigMapping(prefix = "millrace.catalog")
public interface CatalogConfig {

  /**
   * Settings of Kafka clients that log in as the platform's own principal, under their Kafka names
   * in quotes: {@code millrace.catalog.kafka."bootstrap.servers"}. An application may give a {@link
   * KafkaLogin} of its own in their place.
   */
  Map<String, String> kafka();

  /** Who may call. Without an entry nobody may. */
  List<Caller> callers();

  /**
   * Names, or {@code name:port}, under which a browser may reach this server besides the loopback
   * ones.
   */
  Optional<List<String>> hosts();

  /**
   * Objects are kept by a Kubernetes cluster: only questions are answered, and whoever would change
   * something is sent there.
   */
  @WithDefault("false")
  boolean readOnly();

  /** What {@code GET /info} tells people. */
  Info info();

  /** How long a person waits for a worker's answer before {@code WorkerSilent}. */
  @WithDefault("10s")
  Duration patience();

  interface Caller {
    /** The actor of what this caller does, in the journal. */
    String name();

    /** The bearer token. */
    String token();

    /** Platform admins may register products over topics that are there already. */
    @WithDefault("false")
    boolean admin();
  }

  interface Info {
    /** Address of the UI, such as {@code http://localhost:8080/}. */
    Optional<String> ui();

    /** Bootstrap address for applications that publish. */
    Optional<String> kafka();

    /** Path of a properties file for Kafka clients on this machine. */
    Optional<String> kafkaProperties();
  }
}
