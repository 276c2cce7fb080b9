package dev.millrace.catalog.store;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.api.store.StoreStatus;
import dev.millrace.catalog.journal.Journal;
import dev.millrace.catalog.journal.LastReports;
import dev.millrace.catalog.journal.Ledger;
import dev.millrace.catalog.problem.Refusal;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The view of all stores. */
@Singleton
public final class Stores {
  private final Ledger<StoreRecord, StoreEvent> ledger;
  private final LastReports<StoreStatus> reports;

  @Inject
  Stores(Journal journal) {
    this.ledger = new Ledger<>(journal, "store", StoreEvent.class, StoreEvent::after);
    this.reports = journal.reports("store", StoreStatus.class);
  }

  public Optional<StoreRecord> find(ObjectKey key) {
    return ledger.find(key);
  }

  /**
   * @throws Refusal 404
   */
  StoreRecord get(ObjectKey key) {
    return find(key).orElseThrow(() -> Refusal.notFound("store", key));
  }

  public SortedMap<ObjectKey, StoreRecord> all() {
    return ledger.all();
  }

  /** What a subscription of the tenant may name. */
  public Map<ObjectKey, StoreSpec> specsOf(String tenant) {
    return all().entrySet().stream()
        .filter(e -> e.getKey().tenant().equals(tenant))
        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().spec()));
  }

  /** A subscription's own store was made. */
  public void broughtAlong(ObjectKey key, StoreSpec spec, String actor) {
    decide(key, actor, () -> new StoreCommand.BringAlong(spec, UUID.randomUUID().toString()));
  }

  /** Its last subscription took it along. */
  public void forgotten(ObjectKey key, String actor) {
    decide(key, actor, StoreCommand.Forget::new);
    reports.forget(key);
  }

  /**
   * As whoever keeps it says.
   *
   * @param status what is reported of it there; empty while nothing is
   */
  public void show(StoreRecord store, Optional<StoreStatus> status) {
    ledger.show(store.key(), Optional.of(store));
    status.ifPresentOrElse(
        given -> reports.put(store.key(), given), () -> reports.forget(store.key()));
  }

  /** It has gone from where it is kept. */
  public void gone(ObjectKey key) {
    ledger.show(key, Optional.empty());
    reports.forget(key);
  }

  public Optional<StoreStatus> reported(ObjectKey key) {
    return reports.find(key);
  }

  public void report(ObjectKey key, StoreStatus status) {
    reports.put(key, status);
  }

  Optional<StoreRecord> decide(ObjectKey key, String actor, Supplier<StoreCommand> command) {
    return ledger.decide(key, actor, now -> StoreCommand.decide(now, command.get()));
  }

  /**
   * @param accepted runs when the answer is yes, before it is written down
   */
  Optional<StoreRecord> decide(
      ObjectKey key, String actor, Supplier<StoreCommand> command, Runnable accepted) {
    return ledger.decide(
        key,
        actor,
        now -> {
          List<StoreEvent> events = StoreCommand.decide(now, command.get());
          accepted.run();
          return events;
        });
  }

  void forgetReport(ObjectKey key) {
    reports.forget(key);
  }

  /** As {@link #decide} would leave it, with nothing written down. */
  StoreRecord tried(ObjectKey key, StoreCommand command) {
    Optional<StoreRecord> store = find(key);
    for (StoreEvent event : StoreCommand.decide(store, command)) {
      store = StoreEvent.after(store, key, event, Instant.now());
    }
    return store.orElseThrow();
  }
}
