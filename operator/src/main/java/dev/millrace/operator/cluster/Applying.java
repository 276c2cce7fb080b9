package dev.millrace.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

/** Writes by server-side apply, as one manager of fields. */
public final class Applying {
  public static final String MANAGER = "millrace-operator";

  private final KubernetesClient client;

  public Applying(KubernetesClient client) {
    this.client = client;
  }

  /** What is not in it and was, by this manager, goes. Fields that others manage are left. */
  public <T extends HasMetadata> T apply(T object) {
    return client.resource(object).patch(how());
  }

  /** The same of the status alone. */
  public <T extends HasMetadata> T applyStatus(T object) {
    return client.resource(object).subresource("status").patch(how());
  }

  private static PatchContext how() {
    return new PatchContext.Builder()
        .withPatchType(PatchType.SERVER_SIDE_APPLY)
        .withFieldManager(MANAGER)
        .withForce(true)
        .build();
  }
}
