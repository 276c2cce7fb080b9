package dev.millrace.operator;

import static dev.millrace.operator.RealCluster.OWNER;
import static dev.millrace.operator.RealCluster.TENANT;
import static dev.millrace.operator.RealCluster.condition;
import static dev.millrace.operator.RealCluster.product;
import static dev.millrace.operator.RealCluster.query;
import static dev.millrace.operator.RealCluster.reason;
import static dev.millrace.operator.RealCluster.subscription;
import static dev.millrace.operator.RealCluster.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.operator.kind.DataProduct;
import dev.millrace.operator.kind.DataSubscription;
import dev.millrace.operator.kind.Store;
import dev.millrace.operator.kind.StoreClass;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** From what is applied to stores, plans and Secrets, on a real API server and real stores. */
class OperatorIT {
  private static RealCluster cluster;
  private static MillraceOperator operator;

  @BeforeAll
  static void start() throws Exception {
    cluster = RealCluster.start();
    operator = cluster.operator(cluster.client());
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

  @Test
  void whatIsAppliedGetsItsTableAndItsSecret() throws Exception {
    cluster.apply(product("orders"));
    cluster.apply(subscription("orders", "orders", "{class: postgres, reclaimPolicy: Delete}"));

    cluster.await(
        "provisioned",
        () ->
            cluster.isTrue("orders", "Provisioned")
                && cluster.isTrue("orders", "CredentialsReady"));
    cluster.await("its Secret is there", () -> cluster.binding("orders") != null);

    Secret secret = cluster.binding("orders");
    assertThat(secret.getType()).isEqualTo("servicebinding.io/postgresql");
    assertThat(query(secret, "SELECT count(*) FROM orders")).isEqualTo("0");
    assertThat(cluster.product(OWNER, "orders").orElseThrow().getStatus().get("topic").asText())
        .isEqualTo("sales.orders");
    assertThat(cluster.find(Store.class, TENANT, "orders")).isPresent();

    cluster.client().resource(secret).delete();
    cluster.await("the Secret comes back", () -> cluster.binding("orders") != null);

    assertThat(events("orders"))
        .anySatisfy(event -> {
          assertThat(event.getAction()).isEqualTo("Ready");
          assertThat(event.getType()).isEqualTo("Normal");
        });

    cluster.delete(DataSubscription.class, TENANT, "orders");
    cluster.await("it goes", () -> cluster.subscription("orders").isEmpty());
    cluster.await("its store too", () -> cluster.find(Store.class, TENANT, "orders").isEmpty());
    assertThatThrownBy(() -> query(secret, "SELECT 1")).isInstanceOf(SQLException.class);
  }

  @Test
  void theOrderDoesNotMatter() throws Exception {
    cluster.apply(subscription("early", "later", "{class: redis}"));
    cluster.await(
        "it waits", () -> reason(cluster.subscription("early"), "Ready").equals("UnknownProduct"));
    assertThat(condition(cluster.subscription("early"), "Stalled")).as("it may come").isEmpty();

    cluster.apply(product("later"));

    cluster.await("provisioned", () -> cluster.isTrue("early", "Provisioned"));
  }

  @Test
  void whatIsWrongIsSaidWithTheField() throws Exception {
    cluster.apply(product("typed"));
    cluster.apply(
        subscription("wrong", "typed", "{class: postgres}")
            + "  filter: event.totall > 1.0\n  select: [{field: nothing}]\n");

    cluster.await(
        "it is refused", () -> condition(cluster.subscription("wrong"), "Ready").isPresent());

    assertThat(
            condition(cluster.subscription("wrong"), "Ready").orElseThrow().get("message").asText())
        .contains("spec.filter", "totall", "spec.select.0.field", "nothing");
    assertThat(cluster.subscription("wrong").orElseThrow().getStatus().get("phase").asText())
        .isEqualTo("Failed");
    assertThat(cluster.isTrue("wrong", "Stalled")).as("kstatus' word").isTrue();
    cluster.await("who describes it is told", () -> !events("wrong").isEmpty());
    assertThat(events("wrong"))
        .anySatisfy(event -> {
          assertThat(event.getType()).isEqualTo("Warning");
          assertThat(event.getAction()).isEqualTo("Stalled");
          assertThat(event.getNote()).contains("spec.filter", "totall");
        });
  }

  @Test
  void aSecretThatIsSomebodysIsLeftAlone() throws Exception {
    cluster.apply(product("kept"));
    cluster
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(TENANT)
                .withName("kept-credentials")
                .endMetadata()
                .addToStringData("password", "mine")
                .build())
        .create();
    cluster.apply(subscription("kept", "kept", "{class: postgres}"));

    cluster.await(
        "it says so", () -> reason(cluster.subscription("kept"), "Ready").equals("SecretTaken"));
    assertThat(text(cluster.binding("kept"), "password")).isEqualTo("mine");

    cluster.client().resource(cluster.binding("kept")).delete();
    cluster.await("it goes on", () -> cluster.isTrue("kept", "Provisioned"));
  }

  /** Nobody reports on a quiet one, so it has to be said that all is well again. */
  @Test
  void whatWasWrongForAWhileIsTakenBack() throws Exception {
    cluster.apply(product("quiet"));
    cluster.apply(subscription("quiet", "quiet", "{class: passing}"));
    String offered =
        """
        apiVersion: millrace.dev/v1alpha1
        kind: StoreClass
        metadata: {name: passing}
        spec: {engine: Postgres, provider: Shared, server: "127.0.0.1:%d", adminSecret: postgres-admin}
        """
            .formatted(cluster.postgresPort());
    cluster.apply(offered);
    cluster.await("provisioned", () -> cluster.isTrue("quiet", "Provisioned"));
    cluster.client().resources(StoreClass.class).withName("passing").delete();
    cluster.apply(
        subscription("quiet", "quiet", "{class: passing}") + "  filter: event.totall > 1.0\n");
    cluster.await("it is said", () -> cluster.isTrue("quiet", "Degraded"));

    cluster.apply(offered);
    cluster.apply(subscription("quiet", "quiet", "{class: passing}") + "  state: Running\n");

    cluster.await(
        "it is taken back",
        () ->
            !cluster.isTrue("quiet", "Degraded")
                && condition(cluster.subscription("quiet"), "Stalled").isEmpty());
  }

  @Test
  void aProductInUseStays() throws Exception {
    cluster.apply(product("used"));
    cluster.apply(subscription("user", "used", "{class: redis}"));
    cluster.await("provisioned", () -> cluster.isTrue("user", "Provisioned"));

    cluster.delete(DataProduct.class, OWNER, "used");
    cluster.await(
        "it says so", () -> reason(cluster.product(OWNER, "used"), "Ready").equals("InUse"));
    cluster.delete(DataSubscription.class, TENANT, "user");

    cluster.await("both go", () -> cluster.product(OWNER, "used").isEmpty());
  }

  /** Each takes its turn; whoever reads the Secret late still gets in. */
  @Test
  void aPasswordIsChangedByAScheduleAndNobodyIsLockedOut() throws Exception {
    cluster.apply(
        """
        apiVersion: millrace.dev/v1alpha1
        kind: StoreClass
        metadata: {name: rotating}
        spec:
          engine: Postgres
          provider: Shared
          server: "127.0.0.1:%d"
          adminSecret: postgres-admin
          rotateEvery: 8s
        """
            .formatted(cluster.postgresPort()));
    cluster.apply(product("turns"));
    cluster.apply(subscription("turns", "turns", "{class: rotating}"));
    cluster.await("its login is there", () -> cluster.binding("turns") != null);

    Set<String> users = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      Secret read = cluster.binding("turns");
      users.add(text(read, "username"));
      cluster.await(
          "the next one's turn",
          () -> !text(cluster.binding("turns"), "password").equals(text(read, "password")));
      assertThat(cluster.letsIn(cluster.binding("turns"))).isTrue();
      assertThat(cluster.letsIn(read)).as("a moment later").isTrue();
    }
    assertThat(users).hasSize(2);
    cluster.delete(DataSubscription.class, TENANT, "turns");
    cluster.await("it goes", () -> cluster.subscription("turns").isEmpty());
  }

  @Test
  void afterARestartNothingIsWrittenAnew() throws Exception {
    cluster.apply(product("still"));
    cluster.apply(subscription("still", "still", "{class: postgres}"));
    cluster.apply(
        subscription("still-wrong", "still", "{class: postgres}")
            + "  filter: event.totall > 1.0\n");
    cluster.await("provisioned", () -> cluster.isTrue("still", "Provisioned"));
    cluster.await("refused", () -> cluster.isTrue("still-wrong", "Stalled"));
    TimeUnit.SECONDS.sleep(1);
    String before = version("still");
    String wrongBefore = version("still-wrong");

    operator.close();
    operator = cluster.operator(cluster.client());

    TimeUnit.SECONDS.sleep(3);
    assertThat(version("still")).isEqualTo(before);
    assertThat(version("still-wrong")).as("since when it is stalled, too").isEqualTo(wrongBefore);
  }

  /** Its product was taken from under it, and nobody remembers what it needed. */
  @Test
  void whatNobodyCanMakeOutAnyMoreIsCleanedUpAllTheSame() throws Exception {
    cluster.apply(product("torn"));
    cluster.apply(subscription("torn", "torn", "{class: postgres, reclaimPolicy: Delete}"));
    cluster.await("provisioned", () -> cluster.isTrue("torn", "Provisioned"));
    cluster.await("its Secret is there", () -> cluster.binding("torn") != null);
    Secret secret = cluster.binding("torn");
    operator.close();
    cluster.delete(DataProduct.class, OWNER, "torn");
    cluster
        .client()
        .resources(DataProduct.class)
        .inNamespace(OWNER)
        .withName("torn")
        .edit(found -> {
          found.getMetadata().setFinalizers(List.of());
          return found;
        });
    operator = cluster.operator(cluster.client());
    cluster.await(
        "it says so, and what runs goes on",
        () -> reason(cluster.subscription("torn"), "Degraded").equals("UnknownProduct"));
    assertThat(query(secret, "SELECT count(*) FROM torn")).isEqualTo("0");

    cluster.delete(DataSubscription.class, TENANT, "torn");

    cluster.await("it goes", () -> cluster.subscription("torn").isEmpty());
    assertThatThrownBy(() -> query(secret, "SELECT 1")).isInstanceOf(SQLException.class);
  }

  @Test
  void aTopicIsOneProductsAndOursAreNobodys() throws Exception {
    cluster.apply(product("first"));
    cluster.await(
        "it has its topic",
        () -> reason(cluster.product(OWNER, "first"), "Ready").equals("TopicReady"));
    cluster.apply(product("second") + "  topic: {name: sales.first}\n");
    cluster.namespace("millrace");
    cluster.apply(product("definitions").replace("namespace: sales", "namespace: millrace"));

    cluster.await(
        "another's is refused",
        () -> reason(cluster.product(OWNER, "second"), "Ready").equals("TopicTaken"));
    cluster.await(
        "ours is refused",
        () -> reason(cluster.product("millrace", "definitions"), "Ready").equals("TopicReserved"));
  }

  @Test
  void whatNeverWasRightGoesAtOnce() throws Exception {
    cluster.apply(subscription("never", "missing", "{class: postgres}"));
    cluster.await(
        "it waits", () -> reason(cluster.subscription("never"), "Ready").equals("UnknownProduct"));

    cluster.delete(DataSubscription.class, TENANT, "never");

    cluster.await("it goes", () -> cluster.subscription("never").isEmpty());
  }

  /** Watches end, and what they knew is too old to go on from. */
  @Test
  void anApiServerThatBeginsAnewIsFollowed() throws Exception {
    cluster.apply(product("followed"));
    cluster.apply(subscription("before", "followed", "{class: postgres, reclaimPolicy: Delete}"));
    cluster.await("provisioned", () -> cluster.isTrue("before", "Provisioned"));

    cluster.server().stopServing();
    TimeUnit.SECONDS.sleep(3);
    cluster.server().serveAgain();

    cluster.apply(subscription("after", "followed", "{class: postgres}"));
    cluster.delete(DataSubscription.class, TENANT, "before");
    cluster.await("the new one is provisioned", 90, () -> cluster.isTrue("after", "Provisioned"));
    cluster.await("the old one goes", 90, () -> cluster.subscription("before").isEmpty());
  }

  private static List<Event> events(String subscription) {
    return cluster.client().events().v1().events().inNamespace(TENANT).list().getItems().stream()
        .filter(event -> event.getRegarding().getKind().equals("DataSubscription"))
        .filter(event -> event.getRegarding().getName().equals(subscription))
        .toList();
  }

  private static String version(String subscription) {
    return cluster.subscription(subscription).orElseThrow().getMetadata().getResourceVersion();
  }
}
