package dev.millrace.catalog.store;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.store.StoreSpec;
import java.time.Instant;

/**
 * A store as the journal tells it. Its spec holds no password; those are kept by whoever
 * provisions.
 *
 * @param brought a subscription brought it along
 */
public record StoreRecord(
    ObjectKey key, String uid, long generation, StoreSpec spec, boolean brought, Instant created) {

  StoreRecord with(StoreSpec changed) {
    return new StoreRecord(key, uid, generation + 1, changed, brought, created);
  }
}
