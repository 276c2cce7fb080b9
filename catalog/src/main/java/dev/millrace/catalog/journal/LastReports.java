package dev.millrace.catalog.journal;

import dev.millrace.api.ObjectKey;
import java.util.Optional;

/**
 * The last report on each object of one kind: no history. Reading never waits; what is put is kept
 * when the call returns.
 */
public interface LastReports<T> {
  Optional<T> find(ObjectKey key);

  void put(ObjectKey key, T report);

  void forget(ObjectKey key);
}
