package dev.millrace.operator.subscription;

import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.SubscriptionStatus;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.api.store.StoreStatus;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import dev.millrace.needs.check.Need;
import dev.millrace.needs.reconcile.Board;
import dev.millrace.needs.reconcile.DesiredSubscription;
import dev.millrace.needs.reconcile.Remains;
import dev.millrace.needs.reconcile.Shadow;
import dev.millrace.operator.cluster.Applying;
import dev.millrace.operator.cluster.Cluster;
import dev.millrace.operator.cluster.Users;
import dev.millrace.operator.kind.DataSubscription;
import dev.millrace.operator.kind.Kind;
import dev.millrace.operator.kind.Store;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** The custom resources as a controller sees them. */
final class ClusterBoard implements Board {
  /** On a Store that a subscription brought along: the subscription's uid. */
  static final String MADE_FOR = "millrace.dev/made-for";

  private static final Logger LOG = Logger.getLogger(ClusterBoard.class);

  private final Cluster cluster;
  private final Needs needs;
  private final KubernetesClient client;
  private final Function<ObjectKey, Optional<PipelinePlan>> published;
  private final Applying applying;

  /** What was written last by this process. */
  private final Map<ObjectKey, SubscriptionStatus> reported = new ConcurrentHashMap<>();

  private final Map<ObjectKey, PipelinePlan> plans = new ConcurrentHashMap<>();
  private final Set<ObjectKey> forgotten = ConcurrentHashMap.newKeySet();

  /**
   * @param published what workers have
   */
  ClusterBoard(
      Cluster cluster,
      Needs needs,
      KubernetesClient client,
      Function<ObjectKey, Optional<PipelinePlan>> published) {
    this.cluster = cluster;
    this.needs = needs;
    this.published = published;
    this.client = client;
    this.applying = new Applying(client);
  }

  @Override
  public Collection<ObjectKey> subscriptions() {
    return cluster.subscriptions().all().stream().map(Kind::key).toList();
  }

  /** Empty also while its spec is not right, and never was since this process began. */
  @Override
  public Optional<DesiredSubscription> subscription(ObjectKey key) {
    return cluster.subscriptions().find(key).flatMap(this::desired);
  }

  private Optional<DesiredSubscription> desired(DataSubscription subscription) {
    Optional<Need> need =
        needs
            .judge(subscription)
            .need()
            .or(() -> needs.before(subscription.key()))
            .or(() -> remains(subscription));
    return need.map(right ->
        new DesiredSubscription(
            subscription.key(),
            subscription.getMetadata().getUid(),
            subscription.generation(),
            subscription.isMarkedForDeletion(),
            right,
            List.of()));
  }

  /** So that one whose product was taken from under it can be cleaned up, after a restart too. */
  private Optional<Need> remains(DataSubscription subscription) {
    return published
        .apply(subscription.key())
        .filter(plan -> subscription.isMarkedForDeletion())
        .filter(plan -> plan.uid().equals(subscription.getMetadata().getUid()))
        .map(plan -> {
          Optional<DataSubscriptionSpec.StoreRequest> request =
              spec(subscription).map(DataSubscriptionSpec::store);
          Need remains =
              Remains.of(
                  plan,
                  request.map(DataSubscriptionSpec.StoreRequest::reclaimPolicy).orElse(null),
                  request.map(DataSubscriptionSpec.StoreRequest::storeClass));
          // The plan goes before the subscription is forgotten.
          needs.keep(remains);
          return remains;
        });
  }

  private static Optional<DataSubscriptionSpec> spec(DataSubscription subscription) {
    try {
      return Optional.of(subscription.spec(DataSubscriptionSpec.class));
    } catch (Kind.Undecodable e) {
      return Optional.empty();
    }
  }

  /** The controllers of the kinds do that. */
  @Override
  public AutoCloseable watch(Consumer<ObjectKey> changed) {
    return () -> {};
  }

  @Override
  public Optional<SubscriptionStatus> reported(ObjectKey key) {
    return Optional.ofNullable(reported.get(key))
        .or(() -> cluster.subscriptions().find(key).flatMap(ClusterBoard::status));
  }

  private static Optional<SubscriptionStatus> status(DataSubscription subscription) {
    try {
      return subscription.status(SubscriptionStatus.class);
    } catch (Kind.Undecodable e) {
      LOG.warnf("status is made anew subscription=%s: %s", subscription.key(), e.getMessage());
      return Optional.empty();
    }
  }

  /** Written only when it is another. */
  @Override
  public void report(ObjectKey key, SubscriptionStatus status) {
    Optional<DataSubscription> there = cluster.subscriptions().find(key);
    if (there.isEmpty() || Optional.of(status).equals(reported(key))) {
      return;
    }
    DataSubscription object = new DataSubscription();
    object.setMetadata(named(key));
    object.setStatus(Json.STRICT.valueToTree(status));
    cluster.subscriptions().wrote(applying.applyStatus(object));
    reported.put(key, status);
  }

  @Override
  public void boundPlan(ObjectKey key, PipelinePlan plan) {
    plans.put(key, plan);
  }

  Optional<PipelinePlan> plan(ObjectKey key) {
    return Optional.ofNullable(plans.get(key));
  }

  @Override
  public void forgotten(ObjectKey key) {
    forgotten.add(key);
    reported.remove(key);
    plans.remove(key);
    needs.forget(key);
  }

  /** Nothing is left of it; asked once. */
  boolean isForgotten(ObjectKey key) {
    return forgotten.remove(key);
  }

  /** Not yet: a rebuild waits, and says so. */
  @Override
  public Optional<String> compare(ObjectKey pipeline) {
    return Optional.empty();
  }

  @Override
  public Shadow.Verdict comparison(ObjectKey pipeline, String id) {
    return Shadow.Verdict.UNKNOWN;
  }

  @Override
  public Optional<StoreSpec> store(ObjectKey store) {
    return cluster.stores().find(store).flatMap(ClusterBoard::spec);
  }

  private static Optional<StoreSpec> spec(Store store) {
    try {
      return Optional.of(store.spec(StoreSpec.class));
    } catch (Kind.Undecodable e) {
      return Optional.empty();
    }
  }

  @Override
  public void createdStore(ObjectKey key, StoreSpec spec, StoreStatus status) {
    Store store = new Store();
    ObjectMeta metadata = named(key);
    cluster
        .subscriptions()
        .find(key)
        .ifPresent(
            owner -> metadata.setAnnotations(Map.of(MADE_FOR, owner.getMetadata().getUid())));
    store.setMetadata(metadata);
    store.setSpec(Json.STRICT.valueToTree(spec));
    cluster.stores().wrote(applying.apply(store));
    reportStore(key, status);
  }

  @Override
  public void reportStore(ObjectKey key, StoreStatus status) {
    Store store = new Store();
    store.setMetadata(named(key));
    store.setStatus(Json.STRICT.valueToTree(status));
    if (!Objects.equals(
        cluster.stores().find(key).map(Store::getStatus).orElse(null), store.getStatus())) {
      cluster.stores().wrote(applying.applyStatus(store));
    }
  }

  @Override
  public Collection<ObjectKey> storeUsers(ObjectKey store) {
    return new Users(cluster).ofStore(store);
  }

  @Override
  public void storeForgotten(ObjectKey key) {
    Store store = new Store();
    store.setMetadata(named(key));
    client.resource(store).delete();
    cluster.stores().deleted(key);
  }

  private static ObjectMeta named(ObjectKey key) {
    return new ObjectMetaBuilder().withNamespace(key.tenant()).withName(key.name()).build();
  }
}
