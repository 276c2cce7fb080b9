package dev.millrace.operator.debt;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.needs.reconcile.Due;
import dev.millrace.needs.reconcile.Fault;
import dev.millrace.operator.cluster.Applying;
import dev.millrace.stores.credentials.Credentials;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Debts are Secrets of the operator's own namespace, one for each pipeline: the login of who wrote
 * is needed to pay, and nothing else of it outlasts the subscription. Safe to share between
 * threads.
 */
public final class Debts {
  /** On each of them. */
  static final String LABEL = "millrace.dev/debt";

  private static final Logger LOG = Logger.getLogger(Debts.class);

  /** A watch tells of it within this time, or somebody has deleted it. */
  private static final long TOLD_WITHIN = Duration.ofSeconds(30).toNanos();

  private static final String TYPE = "millrace.dev/debt";
  private static final String SUBSCRIPTION = "millrace.dev/subscription";
  private static final String STORE = "millrace.dev/store";
  private static final String REASON = "millrace.dev/reason";
  private static final String MESSAGE = "millrace.dev/message";
  private static final String DUE = "due";
  private static final String USERNAME = "username";
  private static final String PASSWORD = "password";

  private final KubernetesClient client;
  private final String namespace;
  private final Applying applying;

  /** By the Secret's name. */
  private final Map<String, Unpaid> unpaid = new ConcurrentHashMap<>();

  private final AtomicReference<@Nullable IndexerResourceCache<Secret>> watched =
      new AtomicReference<>();

  private record Unpaid(Due due, long since) {
    static Unpaid now(Due due) {
      return new Unpaid(due, System.nanoTime());
    }

    boolean isTold() {
      return System.nanoTime() - since > TOLD_WITHIN;
    }
  }

  /**
   * What is to be done, and the login for it.
   *
   * @param writer as it was when the subscription went
   */
  record Debt(Due due, Credentials writer) {}

  private Debts(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
    this.applying = new Applying(client);
  }

  /**
   * With those that there are.
   *
   * @param namespace the operator's own
   */
  public static Debts open(KubernetesClient client, String namespace) {
    Debts debts = new Debts(client, namespace);
    client
        .secrets()
        .inNamespace(namespace)
        .withLabel(LABEL)
        .list()
        .getItems()
        .forEach(secret ->
            read(secret)
                .ifPresent(debt ->
                    debts.unpaid.put(secret.getMetadata().getName(), Unpaid.now(debt.due()))));
    return debts;
  }

  /** What the controller of them keeps. */
  void by(IndexerResourceCache<Secret> kept) {
    watched.set(kept);
  }

  /** Without those that somebody has deleted by hand. */
  private Map<String, Unpaid> unpaid() {
    IndexerResourceCache<Secret> cache = watched.get();
    if (cache != null) {
      unpaid
          .entrySet()
          .removeIf(each ->
              each.getValue().isTold()
                  && cache.get(new ResourceID(each.getKey(), namespace)).isEmpty());
    }
    return unpaid;
  }

  public int count() {
    return unpaid().size();
  }

  /** Whether there is one of this pipeline. */
  public boolean isOwed(String uid) {
    return unpaid().containsKey(name(uid));
  }

  /** Whether one of them is to leave its rows in this store. */
  public boolean keep(ObjectKey store) {
    return unpaid().values().stream()
        .map(Unpaid::due)
        .anyMatch(due -> due.keepData() && due.plan().target().store().equals(store));
  }

  /**
   * Whether one of them removes this store's part of a server.
   *
   * @param server host and port: an earlier store of the name may have been at another
   */
  public boolean removes(ObjectKey store, String server) {
    return unpaid().values().stream()
        .map(Unpaid::due)
        .filter(Due::removeStore)
        .map(due -> due.plan().target())
        .anyMatch(at -> at.store().equals(store) && server.equals(at.host() + ":" + at.port()));
  }

  /** Whether another of this store is to be paid, too. */
  boolean hasAnother(Due than) {
    return unpaid().values().stream()
        .map(Unpaid::due)
        .filter(due -> due.plan().target().store().equals(than.plan().target().store()))
        .anyMatch(due -> !due.plan().uid().equals(than.plan().uid()));
  }

  /**
   * Writes one down; what is written down of the same pipeline already stays as it is.
   *
   * @param writer empty when there is none any more
   * @return what is written down of the pipeline now
   */
  public Optional<Due> owe(Due due, Fault why, Optional<Credentials> writer) {
    String name = name(due.plan().uid());
    if (writer.isEmpty()) {
      return Optional.ofNullable(unpaid().get(name)).map(Unpaid::due);
    }
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(namespace)
            .withName(name)
            .addToLabels(LABEL, "unpaid")
            .addToAnnotations(SUBSCRIPTION, due.plan().subscription().toString())
            .addToAnnotations(STORE, due.plan().target().store().toString())
            .addToAnnotations(said(why))
            .endMetadata()
            .withType(TYPE)
            .addToData(DUE, encoded(json(due)))
            .addToData(USERNAME, encoded(writer.get().username()))
            .addToData(PASSWORD, encoded(writer.get().password()))
            .build();
    Due written;
    try {
      client.resource(secret).create();
      written = due;
    } catch (KubernetesClientException e) {
      written = before(name, e);
    }
    unpaid.put(name, Unpaid.now(written));
    return Optional.of(written);
  }

  /** An answer that was lost is one reason why it is there already; there are others for a 409. */
  private Due before(String name, KubernetesClientException refused) {
    Secret there =
        refused.getCode() == HttpURLConnection.HTTP_CONFLICT
            ? client.secrets().inNamespace(namespace).withName(name).get()
            : null;
    return Optional.ofNullable(there)
        .flatMap(Debts::read)
        .map(Debt::due)
        .orElseThrow(() -> refused);
  }

  /** Empty when it cannot be read, which is said. */
  static Optional<Debt> read(Secret secret) {
    try {
      Due due = Json.LENIENT.readValue(text(secret, DUE), Due.class);
      return Optional.of(
          new Debt(due, new Credentials(text(secret, USERNAME), text(secret, PASSWORD))));
    } catch (JsonProcessingException | RuntimeException e) {
      // Not what it says: there is a login in it.
      LOG.errorf(
          "a debt cannot be read, somebody has to clean up by hand secret=%s/%s: %s",
          secret.getMetadata().getNamespace(),
          secret.getMetadata().getName(),
          e.getClass().getSimpleName());
      return Optional.empty();
    }
  }

  /** Why, when that is another reason, or told in other words. */
  void stillOwed(Secret secret, Fault why) {
    Map<String, String> before =
        Optional.ofNullable(secret.getMetadata().getAnnotations()).orElse(Map.of());
    if (!before.entrySet().containsAll(said(why).entrySet())) {
      applying.apply(
          new SecretBuilder()
              .withNewMetadata()
              .withNamespace(namespace)
              .withName(secret.getMetadata().getName())
              // So that one that has gone meanwhile is not made anew.
              .withUid(secret.getMetadata().getUid())
              .addToAnnotations(said(why))
              .endMetadata()
              .build());
    }
  }

  void paid(Secret secret) {
    client.resource(secret).delete();
    unpaid.remove(secret.getMetadata().getName());
  }

  private static Map<String, String> said(Fault why) {
    return Map.of(REASON, why.code(), MESSAGE, why.message() + ". " + why.remedy());
  }

  /** A shadow's uid is its subscription's, and more. */
  private static String name(String uid) {
    return "debt-" + uid.replace('~', '-');
  }

  private static String json(Due due) {
    try {
      return Json.STRICT.writeValueAsString(due);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Secret secret, String field) {
    return new String(
        Base64.getDecoder().decode(secret.getData().get(field)), StandardCharsets.UTF_8);
  }
}
