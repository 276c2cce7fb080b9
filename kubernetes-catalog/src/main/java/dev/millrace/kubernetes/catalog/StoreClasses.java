package dev.millrace.kubernetes.catalog;

import dev.millrace.api.store.StoreClassSpec;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the cluster's platform team offers, by name. Safe to share between threads. */
@Singleton
final class StoreClasses {
  private final Map<String, StoreClassSpec> offered = new ConcurrentHashMap<>();

  void offer(String name, StoreClassSpec spec) {
    offered.put(name, spec);
  }

  void withdraw(String name) {
    offered.remove(name);
  }

  Map<String, StoreClassSpec> all() {
    return Map.copyOf(offered);
  }
}
