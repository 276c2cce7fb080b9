package dev.millrace.operator;

import java.util.Map;
import java.util.Set;

/**
 * @param kafka client settings of the platform's own principal
 * @param namespace the operator's own, where credentials are kept
 * @param namespaces that are looked after; empty for all
 */
public record OperatorSettings(
    Map<String, Object> kafka, String namespace, Set<String> namespaces) {
  public OperatorSettings {
    kafka = Map.copyOf(kafka);
    namespaces = Set.copyOf(namespaces);
  }
}
