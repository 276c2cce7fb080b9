package dev.millrace.operator.credentials;

import dev.millrace.operator.cluster.Applying;
import dev.millrace.stores.credentials.Credentials;
import dev.millrace.stores.credentials.Vault;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Logins and keys as Secrets of one namespace, which only operator and workers may read. What is
 * written here is seen here at once, and by another process when its watch tells.
 */
public final class SecretVault implements Vault, AutoCloseable {
  private static final String LABEL = "millrace.dev/vault";
  private static final String REFERENCE = "millrace.dev/reference";
  private static final String GIVEN = "given/";
  private static final String USERNAME = "username";
  private static final String PASSWORD = "password";
  private static final String KEY = "key";

  private final KubernetesClient client;
  private final String namespace;
  private final SharedIndexInformer<Secret> watched;

  /** What was written here and no watch has told of yet, by name. */
  private final Map<String, Secret> written = new ConcurrentHashMap<>();

  private SecretVault(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
    this.watched = client.secrets().inNamespace(namespace).withLabel(LABEL).inform(new Told());
  }

  /** Returns when it has seen what there is. */
  public static SecretVault open(KubernetesClient client, String namespace) {
    return new SecretVault(client, namespace);
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
      forget(gone);
    }

    /** As soon as the watch is as far as that. */
    private void forget(Secret told) {
      written.computeIfPresent(
          told.getMetadata().getName(),
          (name, mine) -> version(told) >= version(mine) ? null : mine);
    }
  }

  /** The reference of a Secret that somebody else wrote, with {@code username} and password. */
  public static String given(String name) {
    return GIVEN + name;
  }

  @Override
  public Optional<Credentials> credentials(String reference) {
    if (reference.startsWith(GIVEN)) {
      return Optional.ofNullable(
              client
                  .secrets()
                  .inNamespace(namespace)
                  .withName(reference.substring(GIVEN.length()))
                  .get())
          .map(SecretVault::login);
    }
    return find(name("login", reference)).map(SecretVault::login);
  }

  private static Credentials login(Secret secret) {
    return new Credentials(text(secret, USERNAME), text(secret, PASSWORD));
  }

  @Override
  public Optional<byte[]> key(String reference) {
    return find(name("key", reference))
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
      if (find(name).isPresent()) {
        client.secrets().inNamespace(namespace).withName(name).delete();
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
            .withNamespace(namespace)
            .addToLabels(LABEL, kind)
            .addToAnnotations(REFERENCE, reference)
            .endMetadata()
            .withType("millrace.dev/" + kind)
            .withData(data)
            .build();
    Secret now = new Applying(client).apply(secret);
    written.put(name, now);
    known(name)
        .filter(there -> version(there) >= version(now))
        .ifPresent(told -> written.remove(name));
  }

  private Optional<Secret> find(String name) {
    return Optional.ofNullable(written.get(name)).or(() -> known(name));
  }

  private Optional<Secret> known(String name) {
    return Optional.ofNullable(watched.getIndexer().getByKey(namespace + "/" + name));
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
    watched.close();
  }
}
