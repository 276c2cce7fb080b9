package dev.millrace.operator.store;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.operator.cluster.Applying;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.credentials.Credentials;
import dev.millrace.stores.credentials.SecretVault;
import dev.millrace.stores.credentials.Vault;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The servers that Stores have for themselves. Safe to share between threads. */
public final class Servers {
  private static final String PROVIDER = "StatefulSet";

  /** On a volume in which rows are to stay. */
  private static final String RETAINS = "millrace.dev/retains";

  private static final String RETAINED =
      "{\"metadata\":{\"annotations\":{\"" + RETAINS + "\":\"rows\"}}}";

  private final KubernetesClient client;
  private final Applying applying;
  private final Vault vault;
  private final Settings settings;
  private final AtomicReference<@Nullable Cache<StatefulSet>> watched = new AtomicReference<>();

  /**
   * @param namespace where they run: neither a tenant's, whose deletion would take what is to be
   *     retained, nor the operator's, which holds every login
   * @param postgres the image of those whose class has none
   * @param redis the same
   */
  public record Settings(String namespace, String postgres, String redis) {
    String image(String engine) {
      return engine.equals("Postgres") ? postgres : redis;
    }
  }

  public Servers(KubernetesClient client, Vault vault, Settings settings) {
    this.client = client;
    this.applying = new Applying(client);
    this.vault = vault;
    this.settings = settings;
  }

  static boolean isOf(StoreClassSpec offer) {
    return PROVIDER.equals(offer.provider()) && offer.statefulSet() != null;
  }

  String namespace() {
    return settings.namespace();
  }

  String address(ObjectKey store, String engine) {
    return Server.address(store, engine, settings.namespace());
  }

  /** What the controller of Stores watches. */
  void by(Cache<StatefulSet> kept) {
    watched.set(kept);
  }

  private Optional<StatefulSet> find(ObjectKey store) {
    Cache<StatefulSet> cache = watched.get();
    return cache == null
        ? Optional.empty()
        : cache.get(new ResourceID(Server.name(store), settings.namespace()));
  }

  /** Whether anything of it may be. */
  boolean isThere(ObjectKey store) {
    return find(store).isPresent();
  }

  /**
   * Has it be as its class says, as soon as its login is made. Others' changes of other fields
   * stay.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException when it is refused, such as a
   *     volume that cannot grow
   */
  void apply(ObjectKey store, StoreClassSpec offer) {
    String engine = Objects.requireNonNull(offer.engine());
    Optional<Credentials> login = vault.credentials(SecretVault.server(store.toString()));
    if (login.isPresent()) {
      Server server =
          new Server(
              settings.namespace(),
              store,
              engine,
              Objects.requireNonNull(offer.statefulSet()),
              settings.image(engine),
              Integer.toHexString(login.get().password().hashCode()));
      // Of one that is there the volume first: what is refused leaves the rest as it is.
      List<HasMetadata> objects = server.objects();
      (isThere(store) ? objects.reversed() : objects).forEach(applying::apply);
    }
  }

  boolean isUp(ObjectKey store) {
    return find(store).filter(Servers::isUp).isPresent();
  }

  private static boolean isUp(StatefulSet server) {
    StatefulSetStatus status = server.getStatus();
    return status != null && Objects.requireNonNullElse(status.getReadyReplicas(), 0) > 0;
  }

  /**
   * @throws StoreProblem StoreStarting
   */
  void checkIsUp(ObjectKey store) throws StoreProblem {
    if (!isUp(store)) {
      throw starting(store);
    }
  }

  StoreProblem starting(ObjectKey store) {
    String name = Server.name(store);
    return new StoreProblem(
        "StoreStarting",
        "the server of the store " + store + " does not answer yet: it is the StatefulSet " + name,
        "Wait; if it takes long, kubectl describe statefulset/"
            + name
            + " pod/"
            + name
            + "-0 --namespace "
            + settings.namespace()
            + " says why.",
        true);
  }

  private static boolean isRetained(PersistentVolumeClaim volume) {
    Map<String, String> annotations = volume.getMetadata().getAnnotations();
    return annotations != null && annotations.containsKey(RETAINS);
  }

  /**
   * The StatefulSet goes last: while it is there, the rest may be.
   *
   * @param keepsData the volume stays, and the login that goes with it
   * @param keepsRows and no other Store of its name may take it away: somebody's rows are in it
   */
  void remove(ObjectKey store, boolean keepsData, boolean keepsRows) {
    String name = Server.name(store);
    Resource<PersistentVolumeClaim> volume =
        client
            .persistentVolumeClaims()
            .inNamespace(settings.namespace())
            .withName(Server.volumeName(store));
    Optional<PersistentVolumeClaim> there = Optional.ofNullable(volume.get());
    if (keepsRows && there.isPresent()) {
      volume.patch(PatchContext.of(PatchType.JSON_MERGE), RETAINED);
    }
    if (!keepsData && there.filter(Servers::isRetained).isEmpty()) {
      volume.delete();
      vault.delete(SecretVault.server(store.toString()));
    }
    client.services().inNamespace(settings.namespace()).withName(name).delete();
    client.apps().statefulSets().inNamespace(settings.namespace()).withName(name).delete();
  }
}
