package dev.millrace.catalog.subscription;

import dev.millrace.api.ObjectKey;
import dev.millrace.catalog.journal.Journal;
import dev.millrace.catalog.journal.Ledger;
import dev.millrace.catalog.problem.Refusal;
import dev.millrace.catalog.product.ProductUsers;
import dev.millrace.catalog.store.StoreUsers;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The view of all subscriptions. */
@Singleton
public final class Subscriptions implements ProductUsers, StoreUsers {
  static final String KIND = "subscription";

  private final Ledger<Subscription, SubscriptionEvent> ledger;

  @Inject
  Subscriptions(Journal journal) {
    this.ledger = new Ledger<>(journal, KIND, SubscriptionEvent.class, SubscriptionEvent::after);
  }

  public Optional<Subscription> find(ObjectKey key) {
    return ledger.find(key);
  }

  /**
   * @throws Refusal 404
   */
  public Subscription get(ObjectKey key) {
    return find(key).orElseThrow(() -> Refusal.notFound(KIND, key));
  }

  public SortedMap<ObjectKey, Subscription> all() {
    return ledger.all();
  }

  @Override
  public List<ObjectKey> usersOf(ObjectKey product) {
    return keys(subscription -> subscription.product().equals(product));
  }

  @Override
  public List<ObjectKey> writersTo(ObjectKey store) {
    return keys(subscription -> subscription.store().equals(store));
  }

  /** Everything of a deleted subscription is cleaned. */
  public void forgotten(ObjectKey key, String actor) {
    decide(key, actor, SubscriptionCommand.Forget::new);
  }

  /** As whoever keeps it says; empty when it has gone. */
  public void show(ObjectKey key, Optional<Subscription> subscription) {
    ledger.show(key, subscription);
  }

  Optional<Subscription> decide(
      ObjectKey key, String actor, Supplier<SubscriptionCommand> command) {
    return ledger.decide(key, actor, now -> SubscriptionCommand.decide(now, command.get()));
  }

  /** As {@link #decide} would leave it, with nothing written down. */
  Subscription tried(ObjectKey key, SubscriptionCommand command) {
    Optional<Subscription> subscription = find(key);
    for (SubscriptionEvent event : SubscriptionCommand.decide(subscription, command)) {
      subscription = SubscriptionEvent.after(subscription, key, event, Instant.now());
    }
    return subscription.orElseThrow();
  }

  private List<ObjectKey> keys(Predicate<Subscription> wanted) {
    return all().values().stream().filter(wanted).map(Subscription::key).toList();
  }
}
