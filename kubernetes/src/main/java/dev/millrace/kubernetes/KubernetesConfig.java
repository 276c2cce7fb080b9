package dev.millrace.kubernetes;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
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

  Stores stores();

  /** Of a class whose provider is StatefulSet, each store has a server of its own. */
  interface Stores {
    /** Where those servers run. */
    @WithDefault("millrace-stores")
    String namespace();

    /** The image of those whose class has none. */
    @WithDefault("postgres:18")
    String postgresImage();

    @WithDefault("redis:7.4")
    String redisImage();
  }

  /** When the operator scales the workers. */
  Optional<Pool> pool();

  /** A Deployment of the workers' namespace. Without defaults: any would have there be a pool. */
  interface Pool {
    String deployment();

    /** Workers that there are at rest, too. */
    int min();

    int max();

    /** Events that wait: for each so many there is a worker. */
    long lagPerWorker();

    /** For how long fewer have to be enough before there are fewer. */
    Duration calm();
  }

  interface Kafka {
    /** Names and ports of brokers. */
    Optional<String> bootstrapServers();

    /** A file with further settings of Kafka clients: security and login. */
    Optional<Path> properties();
  }
}
