package dev.millrace.kubernetes;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What the chart tells each container, as variables: {@code MILLRACE_KAFKA_BOOTSTRAP_SERVERS} and
 * so on.
 */
@ConfigMapping(prefix = "millrace")
interface KubernetesConfig {
  /** The central event store. */
  Kafka kafka();

  /** The Pod's name: of a worker in cursors and logs, of an operator in the Lease. */
  @WithDefault("${HOSTNAME:millrace}")
  String replica();

  /** The Pod's own. */
  @WithDefault("millrace-system")
  String namespace();

  /** Where workers run; the operator keeps there what they need to write. */
  @WithDefault("millrace-workers")
  String workersNamespace();

  /** Those the operator looks after; without any, all. */
  Optional<Set<String>> watchedNamespaces();

  interface Kafka {
    /** Names and ports of brokers. */
    Optional<String> bootstrapServers();

    /** A file with further settings of Kafka clients: security and login. */
    Optional<Path> properties();
  }
}
