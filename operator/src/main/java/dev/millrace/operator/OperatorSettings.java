package dev.millrace.operator;

import java.util.Map;
import java.util.Set;

/**
 * @param kafka client settings of the platform's own principal
 * @param namespace the operator's own, where it keeps credentials and finds those of servers
 * @param workers the namespace where workers run, and what they need to write is kept
 * @param namespaces that are looked after; empty for all
 */
public record OperatorSettings(
    Map<String, Object> kafka, String namespace, String workers, Set<String> namespaces) {
  public OperatorSettings {
    kafka = Map.copyOf(kafka);
    namespaces = Set.copyOf(namespaces);
  }
}
