package dev.millrace.testcluster;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Says of each claim that it has what it asks for: a provisioner and a resizer, without volumes.
 */
final class Claims implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Claims.class.getName());

  private final KubernetesClient client;
  private final SharedIndexInformer<PersistentVolumeClaim> watched;

  Claims(KubernetesClient client) {
    this.client = client;
    this.watched =
        client
            .persistentVolumeClaims()
            .inAnyNamespace()
            .inform(
                new ResourceEventHandler<>() {
                  @Override
                  public void onAdd(PersistentVolumeClaim claim) {
                    bind(claim);
                  }

                  @Override
                  public void onUpdate(PersistentVolumeClaim before, PersistentVolumeClaim now) {
                    bind(now);
                  }

                  @Override
                  public void onDelete(PersistentVolumeClaim claim, boolean finalStateUnknown) {}
                });
  }

  private void bind(PersistentVolumeClaim claim) {
    Map<String, Quantity> wanted = claim.getSpec().getResources().getRequests();
    if (claim.getMetadata().getDeletionTimestamp() != null
        || (claim.getStatus() != null && wanted.equals(claim.getStatus().getCapacity()))) {
      return;
    }
    try {
      client
          .persistentVolumeClaims()
          .inNamespace(claim.getMetadata().getNamespace())
          .withName(claim.getMetadata().getName())
          .editStatus(found -> {
            found.setStatus(
                new PersistentVolumeClaimStatusBuilder()
                    .withPhase("Bound")
                    .withAccessModes(claim.getSpec().getAccessModes())
                    .withCapacity(wanted)
                    .build());
            return found;
          });
    } catch (KubernetesClientException e) {
      // One that is gone, or another by now, which is told of, too.
      boolean changed = e.getCode() == 404 || e.getCode() == 409;
      LOG.log(changed ? Level.FINE : Level.WARNING, "not bound", e);
    }
  }

  @Override
  public void close() {
    watched.close();
  }
}
