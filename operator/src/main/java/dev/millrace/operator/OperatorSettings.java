package dev.millrace.operator;

import dev.millrace.operator.pool.Pool;
import dev.millrace.operator.store.Servers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * @param kafka client settings of the platform's own principal
 * @param namespace the operator's own, where it keeps credentials and finds those of servers
 * @param workers the namespace where workers run, and what they need to write is kept
 * @param servers where servers of stores run, and by which images
 * @param pool of workers that is scaled by how much waits; empty when somebody else does that
 * @param namespaces that are looked after; empty for all
 * @param patience how long a subscription that goes waits for a store that does not answer
 */
public record OperatorSettings(
    Map<String, Object> kafka,
    String namespace,
    String workers,
    Servers.Settings servers,
    Optional<Pool.Settings> pool,
    Set<String> namespaces,
    Duration patience) {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** With half a minute of patience: a server that begins anew takes less. */
  public OperatorSettings(
      Map<String, Object> kafka,
      String namespace,
      String workers,
      Servers.Settings servers,
      Optional<Pool.Settings> pool,
      Set<String> namespaces) {
    this(kafka, namespace, workers, servers, pool, namespaces, PATIENCE);
  }

  public OperatorSettings {
    kafka = Map.copyOf(kafka);
    namespaces = Set.copyOf(namespaces);
  }
}
