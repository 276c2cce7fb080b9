package dev.millrace.testcluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The volumes of one Pod as folders, written once: a kubelet would renew them. */
final class Volumes {
  private static final long TOKEN_SECONDS = 7200;

  private final Pod pod;
  private final KubernetesClient client;
  private final Path folder;

  Volumes(Pod pod, KubernetesClient client, Path folder) {
    this.pod = pod;
    this.client = client;
    this.folder = folder;
  }

  /**
   * Makes all.
   *
   * @throws IllegalStateException when something that one names is not there (yet)
   */
  void make() throws IOException {
    for (Volume volume : pod.getSpec().getVolumes()) {
      Path into = Files.createDirectories(path(volume.getName()));
      if (volume.getSecret() != null) {
        write(
            into,
            chosen(
                secret(
                    volume.getSecret().getSecretName(),
                    Boolean.TRUE.equals(volume.getSecret().getOptional())),
                volume.getSecret().getItems()));
      } else if (volume.getConfigMap() != null) {
        write(
            into,
            chosen(
                configMap(
                    volume.getConfigMap().getName(),
                    Boolean.TRUE.equals(volume.getConfigMap().getOptional())),
                volume.getConfigMap().getItems()));
      } else if (volume.getProjected() != null) {
        for (VolumeProjection source : volume.getProjected().getSources()) {
          project(into, source);
        }
      } else if (volume.getEmptyDir() != null) {
        into.toFile().setWritable(true, false);
      } else {
        throw new IllegalArgumentException("no volume of this kind is known here: " + volume);
      }
    }
  }

  Path path(String volume) {
    return folder.resolve(volume);
  }

  private void project(Path into, VolumeProjection source) throws IOException {
    if (source.getSecret() != null) {
      write(
          into,
          chosen(
              secret(
                  source.getSecret().getName(),
                  Boolean.TRUE.equals(source.getSecret().getOptional())),
              source.getSecret().getItems()));
    }
    if (source.getConfigMap() != null) {
      write(
          into,
          chosen(
              configMap(
                  source.getConfigMap().getName(),
                  Boolean.TRUE.equals(source.getConfigMap().getOptional())),
              source.getConfigMap().getItems()));
    }
    if (source.getServiceAccountToken() != null) {
      write(into, Map.of(source.getServiceAccountToken().getPath(), token()));
    }
    if (source.getDownwardAPI() != null) {
      Map<String, byte[]> files = new TreeMap<>();
      source
          .getDownwardAPI()
          .getItems()
          .forEach(item ->
              files.put(
                  item.getPath(),
                  Fields.of(pod, "", item.getFieldRef().getFieldPath())
                      .getBytes(StandardCharsets.UTF_8)));
      write(into, files);
    }
  }

  private byte[] token() {
    return client
        .serviceAccounts()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName(pod.getSpec().getServiceAccountName())
        .tokenRequest(
            new TokenRequestBuilder()
                .withNewSpec()
                .withExpirationSeconds(TOKEN_SECONDS)
                .endSpec()
                .build())
        .getStatus()
        .getToken()
        .getBytes(StandardCharsets.UTF_8);
  }

  Map<String, byte[]> secret(String name, boolean optional) {
    Secret found =
        client.secrets().inNamespace(pod.getMetadata().getNamespace()).withName(name).get();
    Map<String, byte[]> content = new TreeMap<>();
    if (there(found, "Secret", name, optional) && found.getData() != null) {
      found.getData().forEach((key, value) -> content.put(key, Base64.getDecoder().decode(value)));
    }
    return content;
  }

  Map<String, byte[]> configMap(String name, boolean optional) {
    ConfigMap found =
        client.configMaps().inNamespace(pod.getMetadata().getNamespace()).withName(name).get();
    Map<String, byte[]> content = new TreeMap<>();
    if (there(found, "ConfigMap", name, optional) && found.getData() != null) {
      found
          .getData()
          .forEach((key, value) -> content.put(key, value.getBytes(StandardCharsets.UTF_8)));
    }
    return content;
  }

  private static boolean there(@Nullable Object found, String kind, String name, boolean optional) {
    if (found == null && !optional) {
      throw new IllegalStateException(kind + " " + name + " is not there");
    }
    return found != null;
  }

  private static Map<String, byte[]> chosen(
      Map<String, byte[]> content, @Nullable List<KeyToPath> items) {
    if (items == null || items.isEmpty()) {
      return content;
    }
    Map<String, byte[]> chosen = new TreeMap<>();
    items.forEach(item ->
        chosen.put(
            item.getPath(), Objects.requireNonNull(content.get(item.getKey()), item.getKey())));
    return chosen;
  }

  private static void write(Path into, Map<String, byte[]> files) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = into.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
  }
}
