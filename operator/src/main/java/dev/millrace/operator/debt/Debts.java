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
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Debts are Secrets of the operator's own namespace, one for each pipeline: the login of who wrote
 * is needed to pay, and nothing else of it outlasts the subscription. Safe to share between
 * threads.
 */
public final class Debts {
  /** On each of them. */
  static final String LABEL = "millrace.dev/debt";

  private static final Logger LOG = Logger.getLogger(Debts.class);

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
  private final Map<String, Due> unpaid = new ConcurrentHashMap<>();

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
                .ifPresent(debt -> debts.unpaid.put(secret.getMetadata().getName(), debt.due())));
    return debts;
  }

  /** Whether there is one of this pipeline. */
  public boolean isOwed(String uid) {
    return unpaid.containsKey(name(uid));
  }

  /** Whether one of them is to leave its rows in this store. */
  public boolean keep(ObjectKey store) {
    return unpaid.values().stream()
        .anyMatch(due -> due.keepData() && due.plan().target().store().equals(store));
  }

  /**
   * Writes one down; what is written down of the same pipeline already stays as it is.
   *
   * @param writer empty when there is none any more
   * @return whether it is written down
   */
  public boolean owe(Due due, Fault why, Optional<Credentials> writer) {
    String name = name(due.plan().uid());
    if (writer.isEmpty()) {
      return unpaid.containsKey(name);
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
    try {
      client.resource(secret).create();
      unpaid.put(name, due);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
    return true;
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
