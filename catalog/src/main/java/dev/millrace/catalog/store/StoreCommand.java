package dev.millrace.catalog.store;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.catalog.document.Versions;
import dev.millrace.catalog.journal.ChangedMeanwhile;
import dev.millrace.catalog.problem.Refusal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What can be asked of a store, and what follows. */
sealed interface StoreCommand {

  /**
   * @param checked the store that the new spec was checked against; empty for a new one
   * @param sameUse subscriptions rely on it as they did then, or none do
   * @param renewed whose passwords came along: writer, reader, both; empty for none
   */
  record Declare(
      ObjectKey key,
      StoreSpec spec,
      String uid,
      Optional<StoreRecord> checked,
      boolean sameUse,
      String renewed,
      Versions versions)
      implements StoreCommand {}

  record BringAlong(StoreSpec spec, String uid) implements StoreCommand {}

  /**
   * @param users the subscriptions that write to it
   */
  record Remove(ObjectKey key, Versions versions, Collection<ObjectKey> users)
      implements StoreCommand {}

  /** Whoever provisions removed it. */
  record Forget() implements StoreCommand {}

  /**
   * @throws Refusal when the answer is no
   */
  static List<StoreEvent> decide(Optional<StoreRecord> now, StoreCommand command) {
    return switch (command) {
      case Declare declare -> declare(now, declare);
      case BringAlong along ->
          now.isPresent()
              ? List.of()
              : List.of(new StoreEvent.BroughtAlong(along.uid(), along.spec()));
      case Remove remove -> remove(now, remove);
      case Forget forget ->
          now.isPresent() ? List.of(new StoreEvent.Removed("LastSubscriptionGone")) : List.of();
    };
  }

  private static List<StoreEvent> declare(Optional<StoreRecord> now, Declare declare) {
    declare.versions().check(generation(now));
    if (!declare.sameUse()
        || !now.map(StoreRecord::uid).equals(declare.checked().map(StoreRecord::uid))
        || !generation(now).equals(generation(declare.checked()))) {
      throw ChangedMeanwhile.of(declare.key());
    }
    if (now.isEmpty()) {
      return List.of(new StoreEvent.Declared(declare.uid(), declare.spec()));
    }
    List<StoreEvent> events = new ArrayList<>();
    if (!now.get().spec().equals(declare.spec())) {
      events.add(new StoreEvent.Changed(declare.spec()));
    }
    if (!declare.renewed().isEmpty()) {
      events.add(new StoreEvent.AccountsRenewed(declare.renewed()));
    }
    return events;
  }

  private static List<StoreEvent> remove(Optional<StoreRecord> now, Remove remove) {
    if (now.isEmpty()) {
      throw Refusal.notFound("store", remove.key());
    }
    remove.versions().check(generation(now));
    if (!remove.users().isEmpty()) {
      throw new Refusal(
          409,
          "InUse",
          "subscriptions write to this store: " + Refusal.abbreviated(remove.users().toString()),
          "Delete them first; each cleans its own part.");
    }
    return List.of(new StoreEvent.Removed("Requested"));
  }

  private static OptionalLong generation(Optional<StoreRecord> store) {
    return store.map(present -> OptionalLong.of(present.generation())).orElse(OptionalLong.empty());
  }
}
