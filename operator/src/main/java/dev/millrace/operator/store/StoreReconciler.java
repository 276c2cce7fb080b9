package dev.millrace.operator.store;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.api.store.StoreStatus;
import dev.millrace.controller.Sites;
import dev.millrace.operator.cluster.Applying;
import dev.millrace.operator.cluster.Cluster;
import dev.millrace.operator.kind.Kind;
import dev.millrace.operator.kind.Store;
import dev.millrace.stores.StoreProblem;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the logins that a Store was declared with, has its own server be as its class says, and
 * lets it go when nobody writes to it.
 */
@ControllerConfiguration(
    name = "store",
    finalizerName = "millrace.dev/cleanup",
    fieldManager = "millrace-finalizer")
public final class StoreReconciler implements Reconciler<Store>, Cleaner<Store> {
  private static final Logger LOG = Logger.getLogger(StoreReconciler.class);

  private static final int UNPROCESSABLE = 422;

  private static final Pattern SECRET_NAME = Pattern.compile("[a-z0-9]([-.a-z0-9]*[a-z0-9])?");

  /** Asks nobody but the cache. */
  private static final Duration STILL_IN_USE = Duration.ofMillis(500);

  private static final Duration SERVER_AGAIN = Duration.ofSeconds(2);

  /** Nobody tells of a quota that was raised. */
  private static final Duration PERMITTED_BY_THEN = Duration.ofMinutes(1);

  /** Nor of a volume that one of the same name has left, and that has to go first. */
  private static final Duration VOLUME_GONE_BY_THEN = Duration.ofSeconds(15);

  private static final Set<Integer> REFUSALS =
      Set.of(HttpURLConnection.HTTP_FORBIDDEN, HttpURLConnection.HTTP_NOT_FOUND, UNPROCESSABLE);

  private final Cluster cluster;
  private final Sites sites;
  private final Servers servers;
  private final ClusterOffers offers;
  private final KubernetesClient client;
  private final Readiness readiness;
  private final Consumer<ObjectKey> changed;
  private final Remover remover;
  private final Duration patience;
  private final Clock clock;

  /** Stores whose class may be another now. */
  private final SimpleInboundEventSource<Store> told = new SimpleInboundEventSource<>("told");

  /** Since when what a Store has of its server cannot be removed, by its uid. */
  private final Map<String, Instant> refused = new ConcurrentHashMap<>();

  /** Removes what a Store has of the server. */
  public interface Remover {
    /**
     * @param server host and port where it was made; empty when nothing is to be removed there
     * @return whether the Store may go; it may not while somebody uses it
     */
    boolean remove(ObjectKey store, Optional<String> server) throws StoreProblem;

    /** Whether somebody's rows are to stay where one was that may go. */
    boolean keptRows(ObjectKey store);
  }

  /**
   * @param changed told of a store that may be another now
   * @param patience how long one that goes waits for its server
   */
  public StoreReconciler(
      Cluster cluster,
      Sites sites,
      Servers servers,
      ClusterOffers offers,
      KubernetesClient client,
      Consumer<ObjectKey> changed,
      Remover remover,
      Duration patience,
      Clock clock) {
    this.cluster = cluster;
    this.sites = sites;
    this.servers = servers;
    this.offers = offers;
    this.client = client;
    this.readiness = new Readiness(cluster.stores(), sites, servers, new Applying(client), clock);
    this.changed = changed;
    this.remover = remover;
    this.patience = patience;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, Store>> prepareEventSources(EventSourceContext<Store> context) {
    cluster.stores().by(context.getPrimaryCache());
    InformerEventSource<StatefulSet, Store> running =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(StatefulSet.class, Store.class)
                .withLabelSelector(Server.STORE)
                .withNamespaces(Set.of(servers.namespace()))
                .withSecondaryToPrimaryMapper(StoreReconciler::owner)
                .build(),
            context);
    servers.by(running);
    return List.of(told, running);
  }

  private static Set<ResourceID> owner(StatefulSet server) {
    Map<String, String> labels = server.getMetadata().getLabels();
    return Set.of(new ResourceID(labels.get(Server.STORE), labels.get(Server.TENANT)));
  }

  /** Those of a class are looked at again. */
  public void lookAtClass(String name) {
    for (Store store : cluster.stores().all()) {
      if (spec(store).map(StoreSpec::storeClass).filter(name::equals).isPresent()) {
        told.propagateEvent(new ResourceID(store.key().name(), store.key().tenant()));
      }
    }
  }

  private static Optional<StoreSpec> spec(Store store) {
    try {
      return Optional.of(store.spec(StoreSpec.class));
    } catch (Kind.Undecodable e) {
      LOG.warnf("store=%s: %s", store.key(), e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public UpdateControl<Store> reconcile(Store store, Context<Store> context)
      throws InterruptedException {
    cluster.awaitComplete();
    Optional<Duration> again = spec(store).flatMap(spec -> become(store, spec));
    changed.accept(store.key());
    return again
        .map(pause -> UpdateControl.<Store>noUpdate().rescheduleAfter(pause))
        .orElse(UpdateControl.noUpdate());
  }

  /**
   * @return when to look again, though nobody tells of anything
   */
  private Optional<Duration> become(Store store, StoreSpec spec) {
    if (spec.connection() != null) {
      sites.keepAccounts(store.key(), withLogins(store.key().tenant(), spec, spec.connection()));
      return Optional.empty();
    }
    return offers
        .find(String.valueOf(spec.storeClass()))
        .filter(Servers::isOf)
        .flatMap(offer -> run(store, spec, offer));
  }

  /** What the API server refuses (a volume that cannot grow, a quota) is said of the Store. */
  private Optional<Duration> run(Store store, StoreSpec spec, StoreClassSpec offer) {
    Optional<String> refusal = Optional.empty();
    try {
      sites.makeAdmin(store.key(), spec);
      servers.apply(store.key(), offer);
    } catch (KubernetesClientException e) {
      if (!REFUSALS.contains(e.getCode())) {
        throw e;
      }
      refusal =
          Optional.ofNullable(e.getStatus())
              .map(Status::getMessage)
              .or(() -> Optional.of(e.toString()));
    }
    readiness.say(store, offer, refusal);
    if (refusal.isPresent()) {
      return Optional.of(PERMITTED_BY_THEN);
    }
    return servers.isUp(store.key()) ? Optional.empty() : Optional.of(VOLUME_GONE_BY_THEN);
  }

  private StoreSpec withLogins(String namespace, StoreSpec spec, StoreSpec.External connection) {
    return new StoreSpec(
        spec.storeClass(),
        new StoreSpec.External(
            connection.engine(),
            connection.host(),
            connection.port(),
            connection.database(),
            connection.tls(),
            login(namespace, connection.writer()),
            login(namespace, connection.reader())),
        spec.reclaimPolicy());
  }

  private StoreSpec.@Nullable Account login(String namespace, StoreSpec.@Nullable Account account) {
    if (account == null || account.secret() == null) {
      return account;
    }
    // It becomes part of an address: one with slashes would be in another namespace.
    if (!SECRET_NAME.matcher(account.secret()).matches()) {
      return null;
    }
    Secret secret = client.secrets().inNamespace(namespace).withName(account.secret()).get();
    return secret == null
        ? null
        : new StoreSpec.Account(text(secret, "username"), text(secret, "password"), null);
  }

  private static @Nullable String text(Secret secret, String field) {
    String encoded = secret.getData() == null ? null : secret.getData().get(field);
    return encoded == null
        ? null
        : new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
  }

  @Override
  public DeleteControl cleanup(Store store, Context<Store> context) throws InterruptedException {
    cluster.awaitComplete();
    String uid = store.getMetadata().getUid();
    boolean goes;
    try {
      goes = remover.remove(store.key(), made(store).map(at -> at.host() + ":" + at.port()));
    } catch (StoreProblem e) {
      // It may have been asked to go long ago, and waited for who used it.
      Instant first = refused.computeIfAbsent(uid, key -> clock.instant());
      if (clock.instant().isBefore(first.plus(patience))) {
        return DeleteControl.noFinalizerRemoval().rescheduleAfter(SERVER_AGAIN);
      }
      goes = leaves(store.key(), e);
    }
    refused.remove(uid);
    if (goes && offers.hasOwnServer(store.key(), storeClass(store))) {
      boolean keepsRows = remover.keptRows(store.key());
      servers.remove(store.key(), keepsRows || !isToGo(store), keepsRows);
    }
    return goes
        ? DeleteControl.defaultDelete()
        : DeleteControl.noFinalizerRemoval().rescheduleAfter(STILL_IN_USE);
  }

  private static String storeClass(Store store) {
    return spec(store).map(StoreSpec::storeClass).orElse("");
  }

  /** One whose policy cannot be read keeps what it has. */
  private static boolean isToGo(Store store) {
    return spec(store).map(StoreSpec::reclaimPolicy).filter("Delete"::equals).isPresent();
  }

  /** It was waited for in vain, and goes all the same. */
  private boolean leaves(ObjectKey store, StoreProblem why) {
    LOG.errorf(
        "goes, and leaves what it has of its server, somebody has to clean up by hand store=%s"
            + " code=%s: %s",
        store, why.code(), why.getMessage());
    try {
      return remover.remove(store, Optional.empty());
    } catch (StoreProblem e) {
      throw new IllegalStateException("nobody was asked", e);
    }
  }

  /** Where it was made, if it ever was. */
  private Optional<StoreStatus> made(Store store) {
    try {
      return cluster.stores().find(store.key()).orElse(store).status(StoreStatus.class);
    } catch (Kind.Undecodable e) {
      LOG.warnf("where it was made cannot be read store=%s: %s", store.key(), e.getMessage());
      return Optional.empty();
    }
  }
}
