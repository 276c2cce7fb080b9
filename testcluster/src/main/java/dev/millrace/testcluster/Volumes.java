package dev.millrace.testcluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
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

/**
 * The volumes of one Pod as folders, written once: a kubelet would renew them. What a claim holds
 * outlasts the Pod.
 */
final class Volumes {
  private static final long TOKEN_SECONDS = 7200;
  private static final int OF_THE_GROUP = 02775;

  private final Pod pod;
  private final KubernetesClient client;
  private final Path folder;
  private final Path claims;
  private final Map<String, Path> claimed = new TreeMap<>();

  /**
   * @param claims where claims have their folders
   */
  Volumes(Pod pod, KubernetesClient client, Path folder, Path claims) {
    this.pod = pod;
    this.client = client;
    this.folder = folder;
    this.claims = claims;
  }

  /**
   * Makes all.
   *
   * @throws IllegalStateException when something that one names is not there (yet)
   */
  void make() throws IOException {
    for (Volume volume : pod.getSpec().getVolumes()) {
      if (volume.getPersistentVolumeClaim() != null) {
        claimed.put(volume.getName(), claim(volume.getPersistentVolumeClaim().getClaimName()));
        continue;
      }
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
    return claimed.getOrDefault(volume, folder.resolve(volume));
  }

  /** One of the same name that was made anew has another folder. */
  private Path claim(String name) throws IOException {
    PersistentVolumeClaim claim =
        client
            .persistentVolumeClaims()
            .inNamespace(pod.getMetadata().getNamespace())
            .withName(name)
            .get();
    there(claim, "PersistentVolumeClaim", name, false);
    if (claim.getMetadata().getDeletionTimestamp() != null) {
      throw new IllegalStateException("PersistentVolumeClaim " + name + " goes");
    }
    Path into = Files.createDirectories(claims.resolve(claim.getMetadata().getUid()));
    Long group =
        pod.getSpec().getSecurityContext() == null
            ? null
            : pod.getSpec().getSecurityContext().getFsGroup();
    if (group != null) {
      Files.setAttribute(into, "unix:gid", group.intValue());
      Files.setAttribute(into, "unix:mode", OF_THE_GROUP);
    }
    return into;
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
