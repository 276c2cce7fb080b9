package dev.millrace.kubernetes;

import dev.millrace.operator.kind.DataProduct;
import dev.millrace.operator.kind.DataSubscription;
import dev.millrace.operator.kind.Kind;
import dev.millrace.operator.kind.Store;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether the operator may be taken away: what it looks after could never be deleted without. */
final class Leaving {
  private static final int NAMED = 5;

  private Leaving() {}

  /**
   * @param namespaces that are looked after; empty for all
   * @return why not, for whoever uninstalls it; empty when it may go
   */
  static Optional<String> hindrance(KubernetesClient client, Set<String> namespaces) {
    List<String> there = new ArrayList<>();
    for (Class<? extends Kind> kind :
        List.of(DataSubscription.class, DataProduct.class, Store.class)) {
      String name = HasMetadata.getKind(kind);
      objects(client, kind, namespaces).stream()
          .map(each -> name + " " + each.key())
          .sorted()
          .forEach(there::add);
    }
    if (there.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "there are objects that nobody could delete without the operator: "
            + there.stream().limit(NAMED).collect(Collectors.joining(", "))
            + (there.size() > NAMED ? " and " + (there.size() - NAMED) + " more" : "")
            + ". Delete them first (kubectl get dsub,dp,st --all-namespaces), or leave them as they"
            + " are: helm uninstall --no-hooks. To go on as before: helm rollback, to the revision"
            + " that helm history shows");
  }

  private static <K extends Kind> List<K> objects(
      KubernetesClient client, Class<K> kind, Set<String> namespaces) {
    try {
      if (namespaces.isEmpty()) {
        return client.resources(kind).inAnyNamespace().list().getItems();
      }
      List<K> all = new ArrayList<>();
      for (String namespace : namespaces) {
        all.addAll(client.resources(kind).inNamespace(namespace).list().getItems());
      }
      return all;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        // Not even its definition is there.
        return List.of();
      }
      throw e;
    }
  }
}
