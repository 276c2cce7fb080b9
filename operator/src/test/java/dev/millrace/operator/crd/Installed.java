package dev.millrace.operator.crd;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Brings the definitions to an API server. */
public final class Installed {
  private Installed() {}

  /** Returns when they are served. */
  public static void in(KubernetesClient client) {
    in(client, Definitions.all().values());
  }

  /**
   * Those of 52d18b7, the first there were; and those of today that are of a kind that there was
   * not: no operator of today begins without, so they come first.
   */
  public static void olderIn(KubernetesClient client) {
    try (Stream<Path> files =
        Files.list(Path.of("src", "test", "resources", "definitions-before"))) {
      Map<String, CustomResourceDefinition> definitions = new TreeMap<>(Definitions.all());
      files.forEach(file ->
          definitions.put(
              file.getFileName().toString(),
              Serialization.unmarshal(read(file), CustomResourceDefinition.class)));
      in(client, definitions.values());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void in(KubernetesClient client, Collection<CustomResourceDefinition> all) {
    for (CustomResourceDefinition crd : all) {
      client.resource(crd).create();
    }
    for (CustomResourceDefinition crd : all) {
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
