package dev.millrace.operator;

import static dev.millrace.operator.RealCluster.OWNER;
import static dev.millrace.operator.RealCluster.SYSTEM;
import static dev.millrace.operator.RealCluster.TENANT;
import static dev.millrace.operator.RealCluster.WORKERS;
import static dev.millrace.operator.RealCluster.product;
import static dev.millrace.operator.RealCluster.reason;
import static dev.millrace.operator.RealCluster.subscription;
import static dev.millrace.operator.RealCluster.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.operator.kind.DataSubscription;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A tenant tries to reach what is another's, by every field that refers to something. What it can
 * write it writes; nothing of another's may come of it.
 */
class TenantsIT {
  private static final String ELSEWHERE = "team-else";

  private static RealCluster cluster;
  private static MillraceOperator operator;

  @BeforeAll
  static void start() throws Exception {
    cluster = RealCluster.start();
    operator = cluster.operator(cluster.client());
    cluster.namespace(ELSEWHERE);
    cluster.apply(
        """
        apiVersion: millrace.dev/v1alpha1
        kind: StoreClass
        metadata: {name: external}
        spec: {provider: External}
        """);
    cluster.apply(product("orders"));
    cluster.apply(product("confidential") + "  accessPolicy: Approval\n");
    cluster.apply(subscription("orders", "orders", "{class: postgres}"));
    cluster.await("the other's is there", () -> cluster.binding("orders") != null);
  }

  @AfterAll
  static void stop() throws Exception {
    if (operator != null) {
      operator.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private static String elsewhere(String name, String product, String store) {
    return subscription(name, product, store)
        .replace("namespace: " + TENANT, "namespace: " + ELSEWHERE);
  }

  private static Optional<DataSubscription> found(String name) {
    return cluster.find(DataSubscription.class, ELSEWHERE, name);
  }

  private static Secret binding(String name) {
    return cluster.client().secrets().inNamespace(ELSEWHERE).withName(name + "-credentials").get();
  }

  @Test
  void aProductThatWantsApprovalIsNotReadWithout() throws Exception {
    cluster.apply(elsewhere("nameless", "confidential", "{class: postgres}"));
    cluster.apply(
        elsewhere("curious", "confidential", "{class: postgres}")
            + "  access: {requestedBy: mallory}\n");

    cluster.await(
        "who asks has no name",
        () -> reason(found("nameless"), "Ready").equals("ApprovalRequired"));
    assertThat(binding("nameless")).isNull();
    cluster.await("it waits", () -> reason(found("curious"), "Ready").equals("ApprovalRequired"));
    assertThat(binding("curious")).isNull();
  }

  @Test
  void anothersStoreIsNotFoundByItsName() throws Exception {
    cluster.apply(elsewhere("guest", "orders", "{name: orders}"));

    cluster.await("it is unknown", () -> reason(found("guest"), "Ready").equals("UnknownStore"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "team-risk/orders",
        "../team-risk/orders",
        "team-risk.orders",
        "team-risk%2Forders"
      })
  void aStoreOfAnotherNamespaceCannotEvenBeNamed(String name) {
    String yaml = elsewhere("path", "orders", "{name: \"" + name + "\"}");

    assertThatThrownBy(() -> cluster.apply(yaml))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("spec.store.name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"millrace-system/postgres-admin", "../postgres-admin", "a b"})
  void aSecretOfAnotherNamespaceCannotBeNamed(String secret) {
    String yaml = external("far", "\"" + secret + "\"");

    assertThatThrownBy(() -> cluster.apply(yaml))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("secret");
  }

  /** By the name of one that is there, elsewhere: the platform's own, and the other tenant's. */
  @ParameterizedTest
  @ValueSource(strings = {"postgres-admin", "orders-credentials"})
  void aSecretIsLookedForInTheStoresOwnNamespace(String secret) throws Exception {
    String name = "lent-" + secret;
    cluster.apply(external(name, secret));
    cluster.apply(elsewhere(name, "orders", "{name: " + name + ", table: {name: t}}"));

    cluster.await(
        "it does not get in",
        () ->
            found(name).isPresent()
                && !reason(found(name), "Provisioned").isEmpty()
                && !reason(found(name), "Provisioned").equals("Provisioning"));

    assertThat(binding(name)).isNull();
    List<String> known =
        List.of(password(SYSTEM, "postgres-admin"), password(TENANT, "orders-credentials"));
    assertThat(vaultOf("/" + name)).doesNotContainAnyElementsOf(known);
  }

  private static String external(String name, String secret) {
    return """
    apiVersion: millrace.dev/v1alpha1
    kind: Store
    metadata: {name: %s, namespace: team-else}
    spec:
      class: external
      connection:
        engine: Postgres
        host: 127.0.0.1
        port: %d
        database: postgres
        writer: {secret: %s}
    """
        .formatted(name, cluster.postgresPort(), secret);
  }

  private static String password(String namespace, String secret) {
    return text(
        cluster.client().secrets().inNamespace(namespace).withName(secret).get(), "password");
  }

  /** Passwords that were kept for a store of that name. */
  private static List<String> vaultOf(String suffix) {
    return List.of(SYSTEM, WORKERS).stream()
        .flatMap(namespace ->
            cluster.client().secrets().inNamespace(namespace).list().getItems().stream())
        .filter(secret -> secret.getMetadata().getAnnotations() != null)
        .filter(secret ->
            String.valueOf(secret.getMetadata().getAnnotations().get("millrace.dev/reference"))
                .endsWith(suffix))
        .map(secret -> text(secret, "password"))
        .toList();
  }

  /** Its own login, on the server that both share. */
  @Test
  void aReaderDoesNotGetIntoAnothersDatabase() throws Exception {
    cluster.apply(elsewhere("own", "orders", "{class: postgres}"));
    cluster.await("it has its own", () -> binding("own") != null);
    Secret mine = binding("own");
    String others = text(cluster.binding("orders"), "jdbc-url");

    assertThat(text(mine, "jdbc-url")).isNotEqualTo(others);
    assertThatThrownBy(() ->
            DriverManager.getConnection(others, text(mine, "username"), text(mine, "password")))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("permission denied for database");
  }

  @Test
  void aTopicOfAnothersProductIsNotClaimed() throws Exception {
    cluster.apply(
        product("orders").replace("namespace: " + OWNER, "namespace: " + ELSEWHERE)
            + "  topic: {name: sales.orders}\n");

    cluster.await(
        "it is refused",
        () -> reason(cluster.product(ELSEWHERE, "orders"), "Ready").equals("TopicTaken"));
  }
}
