package dev.millrace.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.stores.credentials.Credentials;
import dev.millrace.stores.credentials.SecretVault;
import dev.millrace.testcluster.ApiServer;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who sees which credentials, on a real API server. */
class SecretVaultIT {
  private static ApiServer server;
  private static KubernetesClient client;

  @BeforeAll
  static void start() {
    server = ApiServer.start();
    client = server.patientClient(ApiServer.ADMIN);
    for (String name : List.of("own", "workers")) {
      client
          .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
          .create();
    }
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

  private static void secret(String name) {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace("own")
                .withName(name)
                .endMetadata()
                .addToStringData("username", "root")
                .addToStringData("password", "hidden")
                .build())
        .create();
  }

  @Test
  void aWorkerSeesWhatItWritesWithAtOnceAndNothingElse() {
    secret("admin");
    Credentials writer = new Credentials("w", "pw");
    byte[] key = {1, 2, 3};
    try (SecretVault operator = SecretVault.open(client, "own", "workers", "stores");
        SecretVault worker = SecretVault.ofWorker(client, "workers")) {
      operator.put("writer/team/store", writer);
      operator.putKey("hash/team/v1", key);
      operator.put("reader/team/subscription", new Credentials("r", "pw"));

      assertThat(worker.credentials("writer/team/store")).contains(writer);
      assertThat(worker.key("hash/team/v1").orElseThrow()).isEqualTo(key);
      assertThat(worker.credentials("reader/team/subscription")).isEmpty();
      assertThat(worker.credentials(SecretVault.given("admin"))).isEmpty();
      assertThat(operator.credentials(SecretVault.given("admin")))
          .contains(new Credentials("root", "hidden"));
      assertThat(operator.credentials("reader/team/subscription")).isPresent();
    }
  }

  @Test
  void whatWasDeletedIsNotThereAndWhatIsWrittenAnewIs() {
    try (SecretVault operator = SecretVault.open(client, "own", "workers", "stores")) {
      operator.put("writer/a/b", new Credentials("one", "pw"));
      operator.put("writer/a/b", new Credentials("two", "pw"));
      assertThat(operator.credentials("writer/a/b")).contains(new Credentials("two", "pw"));

      operator.delete("writer/a/b");

      assertThat(operator.credentials("writer/a/b")).isEmpty();
    }
    try (SecretVault restarted = SecretVault.open(client, "own", "workers", "stores")) {
      assertThat(restarted.credentials("writer/a/b")).isEmpty();
    }
  }
}
