package dev.millrace.operator.subscription;

import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Condition;
import dev.millrace.api.status.SubscriptionStatus;
import dev.millrace.api.status.SubscriptionStatus.Progress;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.api.store.StoreStatus;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import dev.millrace.needs.check.Need;
import dev.millrace.needs.plan.Rebuilds;
import dev.millrace.needs.reconcile.Board;
import dev.millrace.needs.reconcile.DesiredSubscription;
import dev.millrace.needs.reconcile.Due;
import dev.millrace.needs.reconcile.Fault;
import dev.millrace.needs.reconcile.Remains;
import dev.millrace.needs.reconcile.Shadow;
import dev.millrace.operator.cluster.Applying;
import dev.millrace.operator.cluster.Cluster;
import dev.millrace.operator.cluster.Events;
import dev.millrace.operator.cluster.Users;
import dev.millrace.operator.kind.DataSubscription;
import dev.millrace.operator.kind.Kind;
import dev.millrace.operator.kind.Store;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** The custom resources as a controller sees them. */
final class ClusterBoard implements Board {
  /** On a Store that a subscription brought along: the subscription's uid. */
  static final String MADE_FOR = "millrace.dev/made-for";

  /** On a Store in which rows are to stay: the first subscription that left some. */
  static final String RETAINS = "millrace.dev/retains";

  private static final Logger LOG = Logger.getLogger(ClusterBoard.class);

  private final Cluster cluster;
  private final Needs needs;
  private final KubernetesClient client;
  private final Function<ObjectKey, Optional<PipelinePlan>> published;
  private final Comparisons comparisons;
  private final Applying applying;
  private final Headways headways;
  private final Leaving leaving;
  private final Rotations rotations;
  private final Events events;
  private final Clock clock;

  /** What was reported last, written or not. */
  private final Map<ObjectKey, SubscriptionStatus> latest = new ConcurrentHashMap<>();

  private final Map<ObjectKey, PipelinePlan> plans = new ConcurrentHashMap<>();
  private final Set<ObjectKey> forgotten = ConcurrentHashMap.newKeySet();

  /**
   * Stores whose deletion was asked for here, by their uids: a watch tells of it a little later.
   */
  private final Set<String> removed = ConcurrentHashMap.newKeySet();

  /**
   * @param published what workers have
   */
  ClusterBoard(
      Cluster cluster,
      Needs needs,
      KubernetesClient client,
      Function<ObjectKey, Optional<PipelinePlan>> published,
      Comparisons comparisons,
      Headways headways,
      Leaving leaving,
      Rotations rotations,
      Clock clock) {
    this.cluster = cluster;
    this.leaving = leaving;
    this.rotations = rotations;
    this.needs = needs;
    this.published = published;
    this.comparisons = comparisons;
    this.headways = headways;
    this.clock = clock;
    this.client = client;
    this.applying = new Applying(client);
    this.events = new Events(client, clock);
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

  @Override
  public Optional<String> uid(ObjectKey subscription) {
    return cluster.subscriptions().find(subscription).map(each -> each.getMetadata().getUid());
  }

  @Override
  public Optional<Instant> rotationDue(ObjectKey subscription) {
    return cluster.subscriptions().find(subscription).flatMap(rotations::due);
  }

  /** The controllers of the kinds do that. */
  @Override
  public AutoCloseable watch(Consumer<ObjectKey> changed) {
    return () -> {};
  }

  @Override
  public Optional<SubscriptionStatus> reported(ObjectKey key) {
    return cluster.subscriptions().find(key).flatMap(ClusterBoard::status);
  }

  private static Optional<SubscriptionStatus> status(DataSubscription subscription) {
    try {
      return subscription.status(SubscriptionStatus.class);
    } catch (Kind.Undecodable e) {
      LOG.warnf("status is made anew subscription=%s: %s", subscription.key(), e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Written at once when a condition turns or gives another reason, with how far it is by now. What
   * only says it in other words waits for {@link #showProgress}: many a message has a number in it.
   */
  @Override
  public void report(ObjectKey key, SubscriptionStatus report) {
    SubscriptionStatus status =
        needs
            .permission(key)
            .map(by -> Permissions.granted(report, by, needs.isNarrowed(key)))
            .orElse(report);
    latest.put(key, status);
    Optional<SubscriptionStatus> before = reported(key);
    if (!Optional.of(Statuses.essence(status)).equals(before.map(Statuses::essence))) {
      write(key, Statuses.with(status, progress(key, before)));
      cluster
          .subscriptions()
          .find(key)
          .ifPresent(about ->
              events.tell(
                  about,
                  before.map(SubscriptionStatus::conditions).orElse(List.of()),
                  status.conditions(),
                  ClusterBoard::isTrouble));
    }
  }

  /** That it is not ready yet is none, as long as it is neither stalled nor degraded. */
  private static boolean isTrouble(Condition condition) {
    return condition.isTrue() && !condition.type().equals(Condition.Types.READY);
  }

  /**
   * Writes how far it is, when that is something else and nothing was written a moment ago.
   *
   * @return after which time to look again; empty when all is shown
   */
  Optional<Duration> showProgress(ObjectKey key) {
    Optional<SubscriptionStatus> before = reported(key);
    if (before.isEmpty()) {
      return Optional.empty();
    }
    SubscriptionStatus status = latest.getOrDefault(key, before.get());
    SubscriptionStatus now = Statuses.with(status, progress(key, before));
    if (Statuses.isSame(now, before.get())) {
      return Optional.empty();
    }
    Optional<Duration> rest = headways.rest(key);
    if (rest.isPresent()) {
      return rest;
    }
    write(key, now);
    // What is said of a pace has to be taken back.
    return headways.rest(key).filter(again -> Statuses.isMoving(now));
  }

  private Optional<Progress> progress(ObjectKey key, Optional<SubscriptionStatus> before) {
    return plan(key).flatMap(headways::now).or(() -> before.map(SubscriptionStatus::progress));
  }

  private void write(ObjectKey key, SubscriptionStatus status) {
    if (cluster.subscriptions().find(key).isEmpty()) {
      return;
    }
    DataSubscription object = new DataSubscription();
    object.setMetadata(named(key));
    object.setStatus(Json.STRICT.valueToTree(status));
    cluster.subscriptions().wrote(applying.applyStatus(object));
    headways.shown(key);
  }

  @Override
  public void boundPlan(ObjectKey key, PipelinePlan plan) {
    plans.put(key, plan);
  }

  Optional<PipelinePlan> plan(ObjectKey key) {
    return Optional.ofNullable(plans.get(key));
  }

  /** What workers have of this very subscription. */
  Optional<PipelinePlan> running(DataSubscription subscription) {
    return published
        .apply(subscription.key())
        .filter(plan -> plan.uid().equals(subscription.getMetadata().getUid()));
  }

  /** What builds its content anew. */
  Optional<PipelinePlan> shadow(DataSubscription subscription) {
    return published.apply(Rebuilds.shadowOf(subscription.key()));
  }

  @Override
  public void forgotten(ObjectKey key) {
    forgotten.add(key);
    latest.remove(key);
    plans.remove(key);
    headways.forget(key);
    needs.forget(key);
  }

  /** Nothing is left of it; asked once. */
  boolean isForgotten(ObjectKey key) {
    return forgotten.remove(key);
  }

  @Override
  public Optional<String> compare(ObjectKey pipeline) {
    return comparisons.begin(pipeline);
  }

  @Override
  public Shadow.Verdict comparison(ObjectKey pipeline, String id) {
    return comparisons.verdict(id);
  }

  @Override
  public Optional<StoreSpec> store(ObjectKey store) {
    return cluster
        .stores()
        .find(store)
        .filter(each -> !removed.contains(each.getMetadata().getUid()))
        .flatMap(ClusterBoard::spec);
  }

  private static Optional<StoreSpec> spec(Store store) {
    try {
      return Optional.of(store.spec(StoreSpec.class));
    } catch (Kind.Undecodable e) {
      return Optional.empty();
    }
  }

  @Override
  public void placedStore(ObjectKey key, StoreSpec spec, StoreStatus status) {
    if (cluster.stores().find(key).isEmpty()) {
      bring(key, spec);
    }
    if (cluster.stores().find(key).flatMap(ClusterBoard::status).isEmpty()) {
      write(key, status);
    }
  }

  private void bring(ObjectKey key, StoreSpec spec) {
    DataSubscription owner =
        cluster
            .subscriptions()
            .find(key)
            .orElseThrow(() -> new IllegalStateException("nobody knows of " + key));
    Store store = new Store();
    ObjectMeta metadata = named(key);
    metadata.setAnnotations(Map.of(MADE_FOR, owner.getMetadata().getUid()));
    store.setMetadata(metadata);
    store.setSpec(Json.STRICT.valueToTree(spec));
    cluster.stores().wrote(applying.apply(store));
  }

  /** By whoever has just made what a subscription needs there. */
  @Override
  public void reportStore(ObjectKey key, StoreStatus status) {
    Optional<Store> there = cluster.stores().find(key);
    Condition ready =
        new Condition(
            Condition.Types.READY,
            "True",
            "Provisioned",
            "It is there, and what its subscriptions need is made.",
            there.map(Kind::generation).orElse(0L),
            there.flatMap(ClusterBoard::readySince).orElseGet(clock::instant));
    write(
        key,
        new StoreStatus(
            status.engine(),
            status.host(),
            status.port(),
            status.database(),
            status.subscriptions(),
            Stream.concat(
                    Stream.of(ready),
                    there.map(ClusterBoard::conditions).orElse(List.of()).stream()
                        .filter(other -> !isReady(other)))
                .toList()));
  }

  private static Optional<Instant> readySince(Store store) {
    return conditions(store).stream()
        .filter(each -> isReady(each) && each.isTrue())
        .map(Condition::lastTransitionTime)
        .findFirst();
  }

  private static boolean isReady(Condition condition) {
    return condition.type().equals(Condition.Types.READY);
  }

  private static List<Condition> conditions(Store store) {
    return status(store).map(StoreStatus::conditions).orElse(List.of());
  }

  private static Optional<StoreStatus> status(Store store) {
    try {
      return store.status(StoreStatus.class);
    } catch (Kind.Undecodable e) {
      return Optional.empty();
    }
  }

  /** When it is another. */
  private void write(ObjectKey key, StoreStatus status) {
    if (cluster.stores().find(key).flatMap(ClusterBoard::status).equals(Optional.of(status))) {
      return;
    }
    Store store = new Store();
    store.setMetadata(named(key));
    store.setStatus(Json.STRICT.valueToTree(status));
    cluster.stores().wrote(applying.applyStatus(store));
  }

  @Override
  public Collection<ObjectKey> storeUsers(ObjectKey store) {
    return new Users(cluster).ofStore(store);
  }

  @Override
  public void storeForgotten(ObjectKey key, Runnable logins) {
    Optional<Store> there = cluster.stores().find(key);
    Optional<String> uid = there.map(each -> each.getMetadata().getUid());
    uid.ifPresent(removed::add);
    try {
      logins.run();
      if (!there.map(Kind::isMarkedForDeletion).orElse(false)) {
        delete(key);
      }
    } catch (RuntimeException e) {
      uid.ifPresent(removed::remove);
      throw e;
    }
    cluster.stores().deleted(key);
  }

  private void delete(ObjectKey key) {
    Store store = new Store();
    store.setMetadata(named(key));
    client.resource(store).delete();
  }

  /**
   * One goes that never was right, or whose class has gone: nothing was made of it, or nobody knows
   * where. What was brought along for it or another goes with it, when it is the last: the Store's
   * own deletion cleans it.
   */
  void leaves(DataSubscription unknown) {
    ObjectKey store = Users.storeOf(unknown);
    boolean last = storeUsers(store).stream().allMatch(unknown.key()::equals);
    boolean goes =
        cluster
            .stores()
            .find(store)
            .filter(each -> isMarked(each, MADE_FOR))
            .flatMap(ClusterBoard::spec)
            .filter(spec -> "Delete".equals(spec.reclaimPolicy()))
            .isPresent();
    if (last && goes && !isRemoved(store) && !isKept(store)) {
      delete(store);
    }
  }

  /** When it has been going for a while: a store that only begins anew makes no debts. */
  @Override
  public Optional<Due> owes(DesiredSubscription desired, Due due, Fault why) {
    return cluster
        .subscriptions()
        .find(desired.key())
        .filter(subscription -> leaving.isLong(subscription, clock.instant()))
        .flatMap(subscription -> leaving.owe(due, why));
  }

  /** One that goes lives as long as somebody uses it: it is there again for whoever is new. */
  @Override
  public boolean isThereAgain(ObjectKey store, String uid) {
    Optional<Store> there = cluster.stores().find(store);
    boolean goes = there.filter(Kind::isMarkedForDeletion).isPresent() || isRemoved(store);
    boolean isUsed =
        storeUsers(store).stream()
            .flatMap(user -> cluster.subscriptions().find(user).stream())
            .anyMatch(user -> !user.getMetadata().getUid().equals(uid));
    return there.isPresent() && (!goes || isUsed);
  }

  @Override
  public boolean isOwed(String uid) {
    return leaving.isOwed(uid);
  }

  @Override
  public boolean isKept(ObjectKey store) {
    return leaving.keepsRows(store)
        || cluster.stores().find(store).filter(each -> isMarked(each, RETAINS)).isPresent();
  }

  /** Not by server-side apply, which would take away what else was applied to it. */
  @Override
  public void retains(ObjectKey key, ObjectKey subscription) {
    Optional<Store> store = cluster.stores().find(key).filter(each -> !isMarked(each, RETAINS));
    if (store.isPresent()) {
      String patch =
          "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(RETAINS, subscription);
      Store marked =
          client
              .resource(store.get())
              .patch(
                  new PatchContext.Builder()
                      .withPatchType(PatchType.JSON_MERGE)
                      .withFieldManager(Applying.MANAGER)
                      .build(),
                  patch);
      cluster.stores().wrote(marked);
    }
  }

  /** One that somebody declared by itself is not its subscription's that has its name. */
  @Override
  public boolean goesWithLast(ObjectKey store, boolean brought) {
    return cluster
        .stores()
        .find(store)
        .filter(each -> each.isMarkedForDeletion() || isMarked(each, MADE_FOR))
        .isPresent();
  }

  private static boolean isMarked(Store store, String annotation) {
    Map<String, String> annotations = store.getMetadata().getAnnotations();
    return annotations != null && annotations.containsKey(annotation);
  }

  @Override
  public boolean isRemoved(ObjectKey store) {
    return cluster
        .stores()
        .find(store)
        .map(each -> each.getMetadata().getUid())
        .filter(removed::contains)
        .isPresent();
  }

  /** Its part of this server goes with a debt. */
  boolean isOwed(ObjectKey store, String server) {
    return leaving.removes(store, server);
  }

  private static ObjectMeta named(ObjectKey key) {
    return new ObjectMetaBuilder().withNamespace(key.tenant()).withName(key.name()).build();
  }
}
