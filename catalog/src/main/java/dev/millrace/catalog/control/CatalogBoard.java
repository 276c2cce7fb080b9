package dev.millrace.catalog.control;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.SubscriptionStatus;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.api.store.StoreStatus;
import dev.millrace.catalog.ask.VerificationRun;
import dev.millrace.catalog.ask.Verifications;
import dev.millrace.catalog.problem.Refusal;
import dev.millrace.catalog.product.ProductChanged;
import dev.millrace.catalog.store.StoreChanged;
import dev.millrace.catalog.store.StoreRecord;
import dev.millrace.catalog.store.Stores;
import dev.millrace.catalog.subscription.Needs;
import dev.millrace.catalog.subscription.Statuses;
import dev.millrace.catalog.subscription.Subscription;
import dev.millrace.catalog.subscription.SubscriptionChanged;
import dev.millrace.catalog.subscription.SubscriptionReported;
import dev.millrace.catalog.subscription.Subscriptions;
import dev.millrace.needs.reconcile.Board;
import dev.millrace.needs.reconcile.DesiredSubscription;
import dev.millrace.needs.reconcile.Shadow;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** The catalog as a controller sees it. */
@Singleton
final class CatalogBoard implements Board {
  private static final Logger LOG = Logger.getLogger(CatalogBoard.class);

  /** The actor of what a controller writes down. */
  private static final String CONTROLLER = "controller";

  private static final Set<String> NOTHING_LEFT_TO_PROVE = Set.of("Equal", "Unprovable");

  private final Subscriptions subscriptions;
  private final Needs needs;
  private final Statuses statuses;
  private final Stores stores;
  private final Verifications comparisons;
  private final Event<SubscriptionReported> reported;
  private final List<Consumer<ObjectKey>> watchers = new CopyOnWriteArrayList<>();

  @Inject
  CatalogBoard(
      Subscriptions subscriptions,
      Needs needs,
      Statuses statuses,
      Stores stores,
      Verifications comparisons,
      Event<SubscriptionReported> reported) {
    this.subscriptions = subscriptions;
    this.needs = needs;
    this.statuses = statuses;
    this.stores = stores;
    this.comparisons = comparisons;
    this.reported = reported;
  }

  @Override
  public Collection<ObjectKey> subscriptions() {
    return subscriptions.all().keySet();
  }

  @Override
  public Optional<DesiredSubscription> subscription(ObjectKey key) {
    return subscriptions.find(key).map(this::desired);
  }

  private DesiredSubscription desired(Subscription subscription) {
    return new DesiredSubscription(
        subscription.key(),
        subscription.uid(),
        subscription.generation(),
        subscription.isDeleting(),
        needs.of(subscription),
        needs.misfits(subscription));
  }

  @Override
  public AutoCloseable watch(Consumer<ObjectKey> changed) {
    // Wrapped, so that closing ends this watch and not an equal one.
    Consumer<ObjectKey> watcher = changed::accept;
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  @Override
  public Optional<SubscriptionStatus> reported(ObjectKey key) {
    return statuses.reported(key);
  }

  @Override
  public void report(ObjectKey key, SubscriptionStatus status) {
    if (subscriptions.find(key).isPresent()) {
      statuses.report(key, status);
      reported.fire(new SubscriptionReported(key));
    }
  }

  @Override
  public void boundPlan(ObjectKey key, PipelinePlan plan) {
    statuses.bound(key, plan);
    reported.fire(new SubscriptionReported(key));
  }

  @Override
  public void forgotten(ObjectKey key) {
    // What was said of it first: one of its name that comes later must not be taken for proven.
    statuses.forget(key);
    subscriptions.forgotten(key, CONTROLLER);
    needs.forget(key);
    reported.fire(new SubscriptionReported(key));
  }

  @Override
  public Optional<String> compare(ObjectKey pipeline) {
    try {
      return Optional.of(comparisons.begin(pipeline, CONTROLLER).id());
    } catch (Refusal e) {
      LOG.debugf("not compared pipeline=%s: %s", pipeline, e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public Shadow.Verdict comparison(ObjectKey pipeline, String id) {
    return comparisons.find(pipeline, id).map(CatalogBoard::verdict).orElse(Shadow.Verdict.UNKNOWN);
  }

  private static Shadow.Verdict verdict(VerificationRun run) {
    if (run.state().equals("Failed")) {
      return Shadow.Verdict.UNKNOWN;
    }
    if (run.state().equals("Running") || run.result() == null) {
      return Shadow.Verdict.BEING_COMPARED;
    }
    return NOTHING_LEFT_TO_PROVE.contains(String.valueOf(run.result().outcome()))
        ? Shadow.Verdict.RIGHT
        : Shadow.Verdict.WRONG;
  }

  @Override
  public Optional<StoreSpec> store(ObjectKey store) {
    return stores.find(store).map(StoreRecord::spec);
  }

  @Override
  public void placedStore(ObjectKey store, StoreSpec spec, StoreStatus status) {
    if (stores.find(store).isEmpty()) {
      stores.broughtAlong(store, spec, CONTROLLER);
      stores.report(store, status);
    }
  }

  @Override
  public void reportStore(ObjectKey store, StoreStatus status) {
    stores.report(store, status);
  }

  @Override
  public Collection<ObjectKey> storeUsers(ObjectKey store) {
    return subscriptions.writersTo(store);
  }

  @Override
  public void storeForgotten(ObjectKey store, Runnable logins) {
    logins.run();
    stores.forgotten(store, CONTROLLER);
  }

  void subscriptionChanged(@Observes SubscriptionChanged change) {
    tell(change.subscription());
  }

  void productChanged(@Observes ProductChanged change) {
    subscriptions.usersOf(change.product()).forEach(this::tell);
  }

  void storeChanged(@Observes StoreChanged change) {
    subscriptions.writersTo(change.store()).forEach(this::tell);
  }

  private void tell(ObjectKey key) {
    for (Consumer<ObjectKey> watcher : watchers) {
      try {
        watcher.accept(key);
      } catch (RuntimeException e) {
        // The change is written down already; its author must not hear of a watcher's fault.
        LOG.errorf(e, "a watcher failed subscription=%s", key);
      }
    }
  }
}
