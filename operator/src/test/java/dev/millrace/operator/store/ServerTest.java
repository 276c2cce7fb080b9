package dev.millrace.operator.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.store.StoreClassSpec;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerTest {
  private static final Path SERVERS = Path.of("src", "test", "resources", "servers");

  private static Server server(String engine, StoreClassSpec.StatefulSet shape) {
    return new Server(
        "millrace-stores",
        new ObjectKey("team-risk", "eu-orders"),
        engine,
        shape,
        engine.toLowerCase(Locale.ROOT) + ":1",
        "1a2b3c4d");
  }

  /** As files, to be read: {@code -Dservers.write=true} writes them. */
  @ParameterizedTest
  @CsvSource({"Postgres, postgres.yaml", "Redis, redis.yaml"})
  void itsObjectsAreAsWritten(String engine, String file) throws IOException {
    StoreClassSpec.StatefulSet shape =
        new StoreClassSpec.StatefulSet(null, "10Gi", "fast", "500m", "2Gi");

    String objects =
        server(engine, shape).objects().stream()
            .map(Serialization::asYaml)
            .collect(Collectors.joining());

    Path written = SERVERS.resolve(file);
    if (Boolean.getBoolean("servers.write")) {
      Files.writeString(written, objects);
    }
    assertThat(objects)
        .as(file + ", which -Dservers.write=true writes anew")
        .isEqualTo(Files.readString(written));
  }

  @Test
  void aClassSaysWhatIsOfItsOwn() {
    Server own =
        server(
            "Postgres",
            new StoreClassSpec.StatefulSet(
                "registry.example.org/postgres:18.1", "1Gi", null, null, null));

    String objects =
        own.objects().stream()
            .map(Serialization::asYaml)
            .collect(Collectors.joining())
            .replace("\"", "");

    assertThat(objects)
        .contains("registry.example.org/postgres:18.1", "shared_buffers=256MB", "storage: 1Gi")
        .contains("max_wal_size=204MB", "cpu: 250m", "memory: 1Gi")
        .doesNotContain("image: postgres:1\n", "storageClassName");
  }

  /** Stores that read alike have different ones; they fit where Kubernetes allows the least. */
  @Test
  void namesAreOneStoresOnly() {
    String longest = "x".repeat(63);

    assertThat(
            Stream.of(
                new ObjectKey("a-b", "c"),
                new ObjectKey("a", "b-c"),
                new ObjectKey("1", "c"),
                new ObjectKey(longest, "c"),
                new ObjectKey(longest, longest)))
        .extracting(Server::name)
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("[a-z]([-a-z0-9]{0,49}[a-z0-9])?"));
  }

  @Test
  void allAreOfTheirStore() {
    assertThat(
            server("Redis", new StoreClassSpec.StatefulSet(null, "1Gi", null, null, null))
                .objects())
        .extracting(HasMetadata::getMetadata)
        .allSatisfy(metadata -> {
          assertThat(metadata.getNamespace()).isEqualTo("millrace-stores");
          assertThat(metadata.getLabels())
              .containsEntry(Server.TENANT, "team-risk")
              .containsEntry(Server.STORE, "eu-orders");
        });
  }
}
