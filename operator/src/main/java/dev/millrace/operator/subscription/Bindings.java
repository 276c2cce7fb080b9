package dev.millrace.operator.subscription;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.store.Binding;
import dev.millrace.controller.ReaderDesk;
import dev.millrace.operator.cluster.Applying;
import dev.millrace.operator.kind.DataSubscription;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a reader needs to connect, as a Secret beside the subscription, in servicebinding.io's form.
 */
final class Bindings {
  /** Its value is the subscription's name. */
  static final String LABEL = "millrace.dev/subscription";

  private final ReaderDesk readers;
  private final KubernetesClient client;
  private final Applying applying;

  Bindings(ReaderDesk readers, KubernetesClient client) {
    this.readers = readers;
    this.client = client;
    this.applying = new Applying(client);
  }

  static String name(ObjectKey subscription) {
    return subscription.name() + "-credentials";
  }

  /**
   * Writes it when it is not there, or is another.
   *
   * @param there as the watch has it
   */
  void publish(DataSubscription subscription, PipelinePlan plan, Optional<Secret> there) {
    Optional<Binding> binding = readers.binding(plan, true);
    if (binding.isEmpty()) {
      return;
    }
    Secret wanted = secret(subscription, binding.get());
    if (there.isEmpty() || !wanted.getData().equals(there.get().getData())) {
      applying.apply(wanted);
    }
  }

  /** Whether there is one of that name that was not written here. */
  boolean isTaken(ObjectKey subscription) {
    Secret there =
        client.secrets().inNamespace(subscription.tenant()).withName(name(subscription)).get();
    return there != null
        && (there.getMetadata().getLabels() == null
            || !subscription.name().equals(there.getMetadata().getLabels().get(LABEL)));
  }

  /** The login is none any more; the owner's end would take it too, later. */
  void withdraw(ObjectKey subscription, Optional<Secret> there) {
    if (there.isPresent()) {
      client.secrets().inNamespace(subscription.tenant()).withName(name(subscription)).delete();
    }
  }

  /** Pure: what it should be. */
  static Secret secret(DataSubscription subscription, Binding binding) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(subscription.key().tenant())
        .withName(name(subscription.key()))
        .addToLabels(LABEL, subscription.key().name())
        .withOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion(subscription.getApiVersion())
                .withKind(subscription.getKind())
                .withName(subscription.key().name())
                .withUid(subscription.getMetadata().getUid())
                .withController(true)
                .build())
        .endMetadata()
        .withType("servicebinding.io/" + binding.type())
        .withData(data(binding))
        .build();
  }

  private static Map<String, String> data(Binding binding) {
    Map<String, String> data = new TreeMap<>();
    put(data, "type", binding.type());
    put(data, "provider", "millrace");
    put(data, "host", binding.host());
    put(data, "port", Integer.toString(binding.port()));
    put(data, "database", binding.database());
    put(data, "username", binding.username());
    put(data, "password", binding.password());
    put(data, "uri", binding.uri());
    put(data, "jdbc-url", binding.jdbcUrl());
    put(data, "relation", binding.relation());
    return data;
  }

  private static void put(
      Map<String, String> data, String name, @org.jspecify.annotations.Nullable String value) {
    if (value != null) {
      data.put(name, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)));
    }
  }
}
