package dev.millrace.stores.credentials;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Logins and keys as Secrets of three namespaces: what writers need where workers run, which may
 * read nothing else; what servers begin with where those run; and the rest where the operator runs.
 * What is written here is seen here at once, and by another process when its watch tells.
 */
public final class SecretVault implements Vault, AutoCloseable {
  private static final String MANAGER = "millrace-operator";
  private static final String LABEL = "millrace.dev/vault";
  private static final String REFERENCE = "millrace.dev/reference";
  private static final String GIVEN = "given/";
  private static final String WRITERS = "writer/";
  private static final String HASH_KEYS = "hash/";
  private static final String SERVERS = "server/";
  private static final String USERNAME = "username";
  private static final String PASSWORD = "password";
  private static final String KEY = "key";
  private static final Duration FRESH = Duration.ofSeconds(10);

  private final KubernetesClient client;
  private final String own;
  private final String workers;
  private final String servers;
  private final boolean asks;

  /** By namespace. */
  private final Map<String, SharedIndexInformer<Secret>> watched = new ConcurrentHashMap<>();

  /** What was written here and no watch has told of yet, by name. */
  private final Map<String, Secret> written = new ConcurrentHashMap<>();

  /** What was deleted here and no watch has told of yet, by name. */
  private final Set<String> deleted = ConcurrentHashMap.newKeySet();

  /** What somebody else wrote, and no watch tells of; asked about at each look at a store. */
  private final Map<String, Given> given = new ConcurrentHashMap<>();

  private record Given(Optional<Credentials> login, long readAt) {
    boolean isFresh() {
      return login.isPresent() && System.nanoTime() - readAt < FRESH.toNanos();
    }
  }

  /**
   * @param asks for what no watch has told of (yet)
   */
  private SecretVault(
      KubernetesClient client, String own, String workers, String servers, boolean asks) {
    this.client = client;
    this.own = own;
    this.workers = workers;
    this.servers = servers;
    this.asks = asks;
    watch(own);
    watch(workers);
    watch(servers);
  }

  /**
   * Returns when it has seen what there is.
   *
   * @param own the operator's namespace, where a platform's admin puts the logins of servers
   * @param workers where workers run: another, or they could read what is kept in the first
   * @param servers where servers of stores run
   */
  public static SecretVault open(
      KubernetesClient client, String own, String workers, String servers) {
    return new SecretVault(client, own, workers, servers, false);
  }

  /**
   * What a worker may see: logins of writers, and keys. A plan may come before the watch tells of
   * its login, so then the API server is asked. Returns when it has seen what there is.
   *
   * @param workers the namespace that it runs in
   */
  public static SecretVault ofWorker(KubernetesClient client, String workers) {
    return new SecretVault(client, workers, workers, workers, true);
  }

  private void watch(String namespace) {
    watched.computeIfAbsent(
        namespace, each -> client.secrets().inNamespace(each).withLabel(LABEL).inform(new Told()));
  }

  private final class Told implements ResourceEventHandler<Secret> {
    @Override
    public void onAdd(Secret now) {
      forget(now);
    }

    @Override
    public void onUpdate(Secret before, Secret now) {
      forget(now);
    }

    @Override
    public void onDelete(Secret gone, boolean finalStateUnknown) {
      deleted.remove(gone.getMetadata().getName());
      forget(gone);
    }

    /** As soon as the watch is as far as that. */
    private void forget(Secret told) {
      written.computeIfPresent(
          told.getMetadata().getName(),
          (name, mine) -> version(told) >= version(mine) ? null : mine);
    }
  }

  /**
   * The reference of a Secret in the operator's namespace that somebody else wrote, with {@code
   * username} and {@code password}.
   */
  public static String given(String name) {
    return GIVEN + name;
  }

  /** The reference of who may do everything on the server that a store has for itself. */
  public static String server(String store) {
    return SERVERS + store;
  }

  /** The Secret in which a login is kept. */
  public static String loginName(String reference) {
    return name("login", reference);
  }

  private String namespace(String reference) {
    if (reference.startsWith(SERVERS)) {
      return servers;
    }
    return reference.startsWith(WRITERS) || reference.startsWith(HASH_KEYS) ? workers : own;
  }

  @Override
  public Optional<Credentials> credentials(String reference) {
    if (reference.startsWith(GIVEN)) {
      return given
          .compute(
              reference, (each, known) -> known != null && known.isFresh() ? known : read(each))
          .login();
    }
    return find("login", reference).map(SecretVault::login);
  }

  private Given read(String reference) {
    Secret secret =
        client.secrets().inNamespace(own).withName(reference.substring(GIVEN.length())).get();
    return new Given(Optional.ofNullable(secret).map(SecretVault::login), System.nanoTime());
  }

  private static Credentials login(Secret secret) {
    return new Credentials(text(secret, USERNAME), text(secret, PASSWORD));
  }

  @Override
  public Optional<byte[]> key(String reference) {
    return find("key", reference)
        .map(secret -> Base64.getDecoder().decode(secret.getData().get(KEY)));
  }

  @Override
  public void put(String reference, Credentials credentials) {
    write(
        "login",
        reference,
        Map.of(
            USERNAME,
            encoded(credentials.username().getBytes(StandardCharsets.UTF_8)),
            PASSWORD,
            encoded(credentials.password().getBytes(StandardCharsets.UTF_8))));
  }

  @Override
  public void putKey(String reference, byte[] key) {
    write("key", reference, Map.of(KEY, encoded(key)));
  }

  @Override
  public void delete(String reference) {
    for (String kind : new String[] {"login", "key"}) {
      String name = name(kind, reference);
      if (find(kind, reference).isPresent()) {
        client.secrets().inNamespace(namespace(reference)).withName(name).delete();
        deleted.add(name);
        written.remove(name);
      }
    }
  }

  private void write(String kind, String reference, Map<String, String> data) {
    String name = name(kind, reference);
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(namespace(reference))
            .addToLabels(LABEL, kind)
            .addToAnnotations(REFERENCE, reference)
            .endMetadata()
            .withType("millrace.dev/" + kind)
            .withData(data)
            .build();
    Secret now =
        client
            .resource(secret)
            .patch(
                new PatchContext.Builder()
                    .withPatchType(PatchType.SERVER_SIDE_APPLY)
                    .withFieldManager(MANAGER)
                    .withForce(true)
                    .build());
    written.put(name, now);
    deleted.remove(name);
    known(namespace(reference), name)
        .filter(there -> version(there) >= version(now))
        .ifPresent(told -> written.remove(name, now));
  }

  private Optional<Secret> find(String kind, String reference) {
    String name = name(kind, reference);
    return Optional.ofNullable(written.get(name))
        .or(() -> known(namespace(reference), name))
        .or(() -> asks ? asked(namespace(reference), name) : Optional.empty());
  }

  private Optional<Secret> known(String namespace, String name) {
    return Optional.ofNullable(watched.get(namespace))
        .filter(informer -> !deleted.contains(name))
        .map(informer -> informer.getIndexer().getByKey(namespace + "/" + name));
  }

  private Optional<Secret> asked(String namespace, String name) {
    try {
      return Optional.ofNullable(client.secrets().inNamespace(namespace).withName(name).get());
    } catch (KubernetesClientException notNow) {
      return Optional.empty();
    }
  }

  /** Of the same object; a number that grows. */
  private static long version(Secret secret) {
    return Long.parseLong(secret.getMetadata().getResourceVersion());
  }

  private static String text(Secret secret, String field) {
    return new String(
        Base64.getDecoder().decode(secret.getData().getOrDefault(field, "")),
        StandardCharsets.UTF_8);
  }

  private static String encoded(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** References have slashes, and may be long. */
  private static String name(String kind, String reference) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest((kind + " " + reference).getBytes(StandardCharsets.UTF_8));
      return "millrace-" + kind + "-" + HexFormat.of().formatHex(digest, 0, 12);
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  @Override
  public void close() {
    watched.values().forEach(SharedIndexInformer::close);
  }
}
