package dev.millrace.operator.crd;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.concurrent.TimeUnit;

/** Brings the definitions to an API server. */
public final class Installed {
  private Installed() {}

  /** Returns when they are served. */
  public static void in(KubernetesClient client) {
    for (CustomResourceDefinition crd : Definitions.all().values()) {
      client.resource(crd).create();
    }
    for (CustomResourceDefinition crd : Definitions.all().values()) {
      client
          .apiextensions()
          .v1()
          .customResourceDefinitions()
          .withName(crd.getMetadata().getName())
          .waitUntilCondition(Installed::isServed, 30, TimeUnit.SECONDS);
    }
  }

  private static boolean isServed(CustomResourceDefinition crd) {
    return crd != null
        && crd.getStatus() != null
        && crd.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Established") && c.getStatus().equals("True"));
  }
}
