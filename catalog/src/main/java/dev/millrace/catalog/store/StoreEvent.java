package dev.millrace.catalog.store;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.store.StoreSpec;
import java.time.Instant;
import java.util.Optional;

/** What can happen to a store. Specs are without passwords. */
sealed interface StoreEvent {

  record Declared(String uid, StoreSpec spec) implements StoreEvent {}

  record BroughtAlong(String uid, StoreSpec spec) implements StoreEvent {}

  record Changed(StoreSpec spec) implements StoreEvent {}

  /**
   * New passwords were taken in.
   *
   * @param of writer, reader or both
   */
  record AccountsRenewed(String of) implements StoreEvent {}

  /**
   * @param because Requested, or LastSubscriptionGone when its reclaim policy removed it
   */
  record Removed(String because) implements StoreEvent {}

  static Optional<StoreRecord> after(
      Optional<StoreRecord> before, ObjectKey key, StoreEvent event, Instant at) {
    return switch (event) {
      case Declared e -> Optional.of(new StoreRecord(key, e.uid(), 1, e.spec(), false, at));
      case BroughtAlong e -> Optional.of(new StoreRecord(key, e.uid(), 1, e.spec(), true, at));
      case Changed e -> before.map(store -> store.with(e.spec()));
      case AccountsRenewed e -> before;
      case Removed e -> Optional.empty();
    };
  }
}
