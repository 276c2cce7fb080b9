package dev.millrace.operator.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.testcluster.ApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a real API server takes and refuses, by the files in {@code objects}. One with two documents
 * is a change: the first is taken, and the second is what the file is about. Where one is refused
 * the file begins with the field and what is said.
 */
@Execution(ExecutionMode.SAME_THREAD)
class ObjectsIT {
  private static final Path OBJECTS = Path.of("src", "test", "resources", "objects");

  private static ApiServer server;
  private static KubernetesClient client;

  @BeforeAll
  static void start() {
    server = ApiServer.start();
    client = server.client(ApiServer.ADMIN);
    Installed.in(client);
  }

  @AfterAll
  static void stop() {
    if (client != null) {
      client.close();
    }
    if (server != null) {
      server.close();
    }
  }

  static Stream<String> valid() throws IOException {
    return files("valid-");
  }

  static Stream<String> invalid() throws IOException {
    return files("invalid-");
  }

  private static Stream<String> files(String prefix) throws IOException {
    try (Stream<Path> files = Files.list(OBJECTS)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(prefix))
          .sorted()
          .toList()
          .stream();
    }
  }

  @Test
  void thereAreMany() throws IOException {
    assertThat(files("")).hasSizeGreaterThanOrEqualTo(200);
  }

  @ParameterizedTest
  @MethodSource("valid")
  void isTaken(String file) throws IOException {
    List<GenericKubernetesResource> documents = documents(file);
    try {
      documents.forEach(ObjectsIT::apply);
    } finally {
      delete(documents);
    }
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void isRefused(String file) throws IOException {
    List<GenericKubernetesResource> documents = documents(file);
    GenericKubernetesResource wrong = documents.removeLast();
    try {
      documents.forEach(ObjectsIT::apply);
      assertThatThrownBy(() -> bring(file, wrong))
          .isInstanceOf(KubernetesClientException.class)
          .hasMessageMatching(
              "(?s).*[ .\\[]"
                  + Pattern.quote(said(file, "at"))
                  + "[^ ]*: .*"
                  + Pattern.quote(said(file, "says"))
                  + ".*");
    } finally {
      delete(documents);
    }
  }

  private static void apply(GenericKubernetesResource document) {
    client.resource(document).serverSideApply();
  }

  /** Applied, unless the file says otherwise: apply makes integers of some numbers, create not. */
  private static void bring(String file, GenericKubernetesResource document) throws IOException {
    if (Files.readString(OBJECTS.resolve(file)).contains("# by: create\n")) {
      client.resource(document).create();
    } else {
      apply(document);
    }
  }

  private static void delete(List<GenericKubernetesResource> documents) {
    if (!documents.isEmpty()) {
      client.resource(documents.get(0)).delete();
    }
  }

  private static List<GenericKubernetesResource> documents(String file) throws IOException {
    List<GenericKubernetesResource> documents = new ArrayList<>();
    for (String document : Files.readString(OBJECTS.resolve(file)).split("(?m)^---\n")) {
      documents.add(Serialization.unmarshal(document, GenericKubernetesResource.class));
    }
    return documents;
  }

  private static String said(String file, String what) throws IOException {
    Optional<String> line =
        Files.readAllLines(OBJECTS.resolve(file)).stream()
            .filter(each -> each.startsWith("# " + what + ": "))
            .findFirst();
    return line.orElseThrow(() -> new IOException(file + " does not say " + what))
        .substring(what.length() + 4);
  }
}
