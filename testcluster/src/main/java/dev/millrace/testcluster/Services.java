package dev.millrace.testcluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Services as names of the Pods behind them: there is neither a proxy nor a name server. */
final class Services implements AutoCloseable {
  private final Function<Pod, String> address;
  private final SharedIndexInformer<Service> watched;

  /**
   * @param changed told of a Service that came or went
   */
  Services(KubernetesClient client, Function<Pod, String> address, Runnable changed) {
    this.address = address;
    this.watched =
        client
            .services()
            .inAnyNamespace()
            .inform(
                new ResourceEventHandler<>() {
                  @Override
                  public void onAdd(Service service) {
                    changed.run();
                  }

                  @Override
                  public void onUpdate(Service before, Service now) {
                    changed.run();
                  }

                  @Override
                  public void onDelete(Service service, boolean finalStateUnknown) {
                    changed.run();
                  }
                });
  }

  /** Lines of a hosts file: of each Service the first Pod that it selects. */
  String names(List<Pod> pods) {
    StringBuilder lines = new StringBuilder();
    for (Service service : watched.getStore().list()) {
      String name =
          service.getMetadata().getName() + "." + service.getMetadata().getNamespace() + ".svc";
      behind(service, pods)
          .ifPresent(pod -> lines.append(address.apply(pod)).append(' ').append(name).append('\n'));
    }
    return lines.toString();
  }

  private static Optional<Pod> behind(Service service, List<Pod> pods) {
    Map<String, String> selector = service.getSpec().getSelector();
    return selector == null || selector.isEmpty()
        ? Optional.empty()
        : pods.stream()
            .filter(pod ->
                pod.getMetadata().getNamespace().equals(service.getMetadata().getNamespace())
                    && pod.getMetadata().getLabels() != null
                    && pod.getMetadata().getLabels().entrySet().containsAll(selector.entrySet()))
            .findFirst();
  }

  @Override
  public void close() {
    watched.close();
  }
}
