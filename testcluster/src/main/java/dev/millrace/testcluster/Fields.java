package dev.millrace.testcluster;

import io.fabric8.kubernetes.api.model.Pod;

/** What a Pod can be told of itself. */
final class Fields {
  private Fields() {}

  /**
   * @param address the Pod's
   * @param path such as {@code status.podIP}
   */
  static String of(Pod pod, String address, String path) {
    return switch (path) {
      case "metadata.name" -> pod.getMetadata().getName();
      case "metadata.namespace" -> pod.getMetadata().getNamespace();
      case "metadata.uid" -> pod.getMetadata().getUid();
      case "spec.nodeName" -> pod.getSpec().getNodeName();
      case "spec.serviceAccountName" -> pod.getSpec().getServiceAccountName();
      case "status.podIP" -> address;
      case "status.hostIP" -> "127.0.0.1";
      default -> throw new IllegalArgumentException("no such field is known here: " + path);
    };
  }
}
