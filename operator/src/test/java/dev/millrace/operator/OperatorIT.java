package dev.millrace.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.embedded.EmbeddedPostgres;
import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.operator.cluster.ApiServer;
import dev.millrace.operator.crd.Installed;
import dev.millrace.operator.kind.DataProduct;
import dev.millrace.operator.kind.DataSubscription;
import dev.millrace.operator.kind.Kind;
import dev.millrace.operator.kind.Store;
import dev.millrace.stores.Engines;
import dev.millrace.stores.postgres.PostgresDriver;
import dev.millrace.stores.redis.RedisDriver;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** From what is applied to stores, plans and Secrets, on a real API server and real stores. */
class OperatorIT {
  private static ApiServer server;
  private static KubernetesClient client;
  private static EmbeddedKafka kafka;
  private static EmbeddedPostgres postgres;
  private static EmbeddedRedis redis;
  private static MillraceOperator operator;
  private static final List<AutoCloseable> opened = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    Path directory = Files.createTempDirectory("operator");
    server = kept(ApiServer.start());
    client = kept(server.patientClient(ApiServer.ADMIN));
    Installed.in(client);
    kafka = kept(EmbeddedKafka.start(directory.resolve("kafka"), 0));
    postgres = kept(EmbeddedPostgres.start(directory.resolve("postgres"), 0));
    redis = kept(EmbeddedRedis.start(directory.resolve("redis"), 0));
    for (String namespace : List.of("millrace-system", "sales", "team-risk")) {
      client
          .resource(
              new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
          .create();
    }
    admin("postgres-admin", EmbeddedPostgres.SUPERUSER, postgres.password());
    admin("redis-admin", "default", redis.password());
    begin();
    opened.add(() -> operator.close());
  }

  private static <T extends AutoCloseable> T kept(T each) {
    opened.add(each);
    return each;
  }

  private static void begin() throws Exception {
    operator =
        MillraceOperator.start(
            new OperatorSettings(
                new HashMap<>(kafka.platformProperties()), "millrace-system", Set.of()),
            client,
            new Engines(List.of(new PostgresDriver(), new RedisDriver())));
  }

  private static void admin(String name, String user, String password) {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace("millrace-system")
                .withName(name)
                .endMetadata()
                .addToStringData("username", user)
                .addToStringData("password", password)
                .build())
        .create();
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  private static void apply(String yaml) {
    client
        .load(new java.io.ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
        .items()
        .forEach(item -> client.resource(item).serverSideApply());
  }

  private static final String CLASSES =
      """
      apiVersion: millrace.dev/v1alpha1
      kind: StoreClass
      metadata: {name: postgres}
      spec: {engine: Postgres, provider: Shared, server: "127.0.0.1:%d", adminSecret: postgres-admin}
      ---
      apiVersion: millrace.dev/v1alpha1
      kind: StoreClass
      metadata: {name: redis}
      spec: {engine: Redis, provider: Shared, server: "127.0.0.1:%d", adminSecret: redis-admin}
      """;

  private static final String PRODUCT =
      """
      apiVersion: millrace.dev/v1alpha1
      kind: DataProduct
      metadata: {name: %s, namespace: sales}
      spec:
        key: id
        schema:
          type: object
          properties:
            id: {type: string}
            total: {type: number}
          required: [id]
      """;

  private static String subscription(String name, String product, String store) {
    return """
    apiVersion: millrace.dev/v1alpha1
    kind: DataSubscription
    metadata: {name: %s, namespace: team-risk}
    spec:
      product: sales/%s
      store: %s
    """
        .formatted(name, product, store);
  }

  private static void classes() {
    apply(CLASSES.formatted(postgres.port(), redis.port()));
  }

  @Test
  void whatIsAppliedGetsItsTableAndItsSecret() throws Exception {
    classes();
    apply(PRODUCT.formatted("orders"));
    apply(subscription("orders", "orders", "{class: postgres, reclaimPolicy: Delete}"));

    await(
        "provisioned",
        () -> isTrue("orders", "Provisioned") && isTrue("orders", "CredentialsReady"));

    Secret secret = client.secrets().inNamespace("team-risk").withName("orders-credentials").get();
    assertThat(secret.getType()).isEqualTo("servicebinding.io/postgresql");
    assertThat(query(secret, "SELECT count(*) FROM orders")).isEqualTo("0");
    assertThat(product("orders").get("topic").asText()).isEqualTo("sales.orders");
    assertThat(find(Store.class, "team-risk", "orders")).isPresent();

    client.secrets().inNamespace("team-risk").withName("orders-credentials").delete();
    await(
        "the Secret comes back",
        () ->
            client.secrets().inNamespace("team-risk").withName("orders-credentials").get() != null);

    client.resources(DataSubscription.class).inNamespace("team-risk").withName("orders").delete();
    await("it goes", () -> find(DataSubscription.class, "team-risk", "orders").isEmpty());
    await("its store too", () -> find(Store.class, "team-risk", "orders").isEmpty());
    assertThatThrownBy(() -> query(secret, "SELECT 1")).isInstanceOf(SQLException.class);
  }

  @Test
  void theOrderDoesNotMatter() throws Exception {
    apply(subscription("early", "later", "{class: redis}"));
    await("it waits", () -> reason("early", "Ready").equals("UnknownProduct"));

    apply(PRODUCT.formatted("later"));
    classes();

    await("provisioned", () -> isTrue("early", "Provisioned"));
  }

  @Test
  void whatIsWrongIsSaidWithTheField() throws Exception {
    classes();
    apply(PRODUCT.formatted("typed"));
    apply(
        subscription("wrong", "typed", "{class: postgres}")
            + "  filter: event.totall > 1.0\n  select: [{field: nothing}]\n");

    await("it is refused", () -> condition("wrong", "Ready").isPresent());

    assertThat(condition("wrong", "Ready").orElseThrow().get("message").asText())
        .contains("spec.filter", "totall", "spec.select.0.field", "nothing");
    assertThat(status("wrong").get("phase").asText()).isEqualTo("Failed");
  }

  @Test
  void aProductInUseStays() throws Exception {
    classes();
    apply(PRODUCT.formatted("used"));
    apply(subscription("user", "used", "{class: redis}"));
    await("provisioned", () -> isTrue("user", "Provisioned"));

    client.resources(DataProduct.class).inNamespace("sales").withName("used").delete();
    await("it says so", () -> product("used").at("/conditions/0/reason").asText().equals("InUse"));
    client.resources(DataSubscription.class).inNamespace("team-risk").withName("user").delete();

    await("both go", () -> find(DataProduct.class, "sales", "used").isEmpty());
  }

  @Test
  void afterARestartNothingIsWrittenAnew() throws Exception {
    classes();
    apply(PRODUCT.formatted("still"));
    apply(subscription("still", "still", "{class: postgres}"));
    await("provisioned", () -> isTrue("still", "Provisioned"));
    TimeUnit.SECONDS.sleep(1);
    String before = version("still");

    operator.close();
    begin();

    TimeUnit.SECONDS.sleep(3);
    assertThat(version("still")).isEqualTo(before);
  }

  private static String version(String subscription) {
    return find(DataSubscription.class, "team-risk", subscription)
        .orElseThrow()
        .getMetadata()
        .getResourceVersion();
  }

  private static <K extends Kind> Optional<K> find(Class<K> kind, String namespace, String name) {
    return Optional.ofNullable(client.resources(kind).inNamespace(namespace).withName(name).get());
  }

  private static JsonNode product(String name) {
    return find(DataProduct.class, "sales", name).orElseThrow().getStatus();
  }

  private static JsonNode status(String subscription) {
    return find(DataSubscription.class, "team-risk", subscription).orElseThrow().getStatus();
  }

  private static Optional<JsonNode> condition(String subscription, String type) {
    JsonNode status = status(subscription);
    if (status != null) {
      for (JsonNode condition : status.path("conditions")) {
        if (condition.get("type").asText().equals(type)) {
          return Optional.of(condition);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isTrue(String subscription, String type) {
    return condition(subscription, type)
        .filter(condition -> condition.get("status").asText().equals("True"))
        .isPresent();
  }

  private static String reason(String subscription, String type) {
    return condition(subscription, type).map(c -> c.get("reason").asText()).orElse("");
  }

  private static String query(Secret secret, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                text(secret, "jdbc-url"), text(secret, "username"), text(secret, "password"));
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static String text(Secret secret, String field) {
    return new String(
        Base64.getDecoder().decode(secret.getData().get(field)), StandardCharsets.UTF_8);
  }

  private static void await(String what, Callable<Boolean> isSo) throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
    while (!isSo.call()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("not so: " + what + "; " + seen());
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static String seen() {
    StringBuilder all = new StringBuilder();
    client
        .resources(DataSubscription.class)
        .inAnyNamespace()
        .list()
        .getItems()
        .forEach(each -> all.append('\n').append(each.key()).append(' ').append(each.getStatus()));
    client
        .resources(DataProduct.class)
        .inAnyNamespace()
        .list()
        .getItems()
        .forEach(each -> all.append('\n').append(each.key()).append(' ').append(each.getStatus()));
    return all.toString();
  }
}
