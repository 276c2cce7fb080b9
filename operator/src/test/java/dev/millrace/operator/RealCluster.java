package dev.millrace.operator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.Topics;
import dev.millrace.api.status.Counts;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.embedded.EmbeddedPostgres;
import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.operator.crd.Installed;
import dev.millrace.operator.kind.DataProduct;
import dev.millrace.operator.kind.DataSubscription;
import dev.millrace.operator.kind.Kind;
import dev.millrace.operator.pool.Pool;
import dev.millrace.operator.store.Servers;
import dev.millrace.stores.Engines;
import dev.millrace.stores.postgres.PostgresDriver;
import dev.millrace.stores.redis.RedisDriver;
import dev.millrace.testcluster.ApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A real API server with our definitions and the classes {@code postgres} and {@code redis}, a real
 * Kafka, Postgres and Redis; and what tests ask of them.
 */
final class RealCluster implements AutoCloseable {
  static final String SYSTEM = "millrace-system";
  static final String WORKERS = "millrace-workers";
  static final String STORES = "millrace-stores";
  static final String OWNER = "sales";
  static final String TENANT = "team-risk";

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final ApiServer server;
  private final KubernetesClient client;
  private final EmbeddedKafka kafka;
  private final Path directory;
  private final EmbeddedRedis redis;
  private EmbeddedPostgres postgres;

  private RealCluster(Supplier<ApiServer> begins, Consumer<KubernetesClient> definitions)
      throws IOException {
    this.directory = Files.createTempDirectory("operator");
    this.server = kept(begins.get());
    this.client = kept(server.patientClient(ApiServer.ADMIN));
    definitions.accept(client);
    this.kafka = kept(EmbeddedKafka.start(directory.resolve("kafka"), 0));
    this.postgres = EmbeddedPostgres.start(directory.resolve("postgres"), 0);
    opened.add(() -> postgres.close());
    this.redis = kept(EmbeddedRedis.start(directory.resolve("redis"), 0));
    List.of(SYSTEM, WORKERS, STORES, OWNER, TENANT).forEach(this::namespace);
    admin("postgres-admin", EmbeddedPostgres.SUPERUSER, postgres.password());
    admin("redis-admin", "default", redis.password());
    apply(
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
        """
            .formatted(postgres.port(), redis.port()));
  }

  static RealCluster start() throws IOException {
    return new RealCluster(ApiServer::start, Installed::in);
  }

  /** With definitions of before. */
  static RealCluster startOlder() throws IOException {
    return new RealCluster(ApiServer::start, Installed::olderIn);
  }

  /** Besides, Kubernetes' own controllers are at work: a namespace that is deleted goes. */
  static RealCluster startWithControllers() throws IOException {
    return new RealCluster(ApiServer::startWithControllers, Installed::in);
  }

  private <T extends AutoCloseable> T kept(T each) {
    opened.add(each);
    return each;
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  void namespace(String name) {
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
  }

  private void admin(String name, String user, String password) {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(SYSTEM)
                .withName(name)
                .endMetadata()
                .addToStringData("username", user)
                .addToStringData("password", password)
                .build())
        .create();
  }

  KubernetesClient client() {
    return client;
  }

  ApiServer server() {
    return server;
  }

  int postgresPort() {
    return postgres.port();
  }

  int redisPort() {
    return redis.port();
  }

  /** Another way to a server that there is a class of; its admin's login is the same. */
  void offer(String name, String engine, int port) {
    apply(
        """
        apiVersion: millrace.dev/v1alpha1
        kind: StoreClass
        metadata: {name: %s}
        spec: {engine: %s, provider: Shared, server: "127.0.0.1:%d", adminSecret: %s-admin}
        """
            .formatted(name, engine, port, engine.toLowerCase(Locale.ROOT)));
  }

  /** A class whose stores have a server each, Postgres. */
  void offerOwn(String name) {
    apply(
        """
        apiVersion: millrace.dev/v1alpha1
        kind: StoreClass
        metadata: {name: %s}
        spec: {engine: Postgres, provider: StatefulSet, statefulSet: {storage: 1Gi, memory: 512Mi}}
        """
            .formatted(name));
  }

  /**
   * What there is of a Store's own server: {@code server}, {@code service}, {@code volume}. A
   * volume that goes has gone, for nobody lets it go here.
   */
  Set<String> serverOf(String store) {
    Map<String, String> label = Map.of("millrace.dev/store", store);
    Set<String> there = new TreeSet<>();
    if (!client
        .apps()
        .statefulSets()
        .inNamespace(STORES)
        .withLabels(label)
        .list()
        .getItems()
        .isEmpty()) {
      there.add("server");
    }
    if (!client.services().inNamespace(STORES).withLabels(label).list().getItems().isEmpty()) {
      there.add("service");
    }
    if (client
        .persistentVolumeClaims()
        .inNamespace(STORES)
        .withLabels(label)
        .list()
        .getItems()
        .stream()
        .anyMatch(each -> each.getMetadata().getDeletionTimestamp() == null)) {
      there.add("volume");
    }
    return there;
  }

  void stopPostgres() {
    postgres.close();
  }

  /** The same again, at the same address. */
  void startPostgres() {
    postgres = EmbeddedPostgres.start(directory.resolve("postgres"), postgres.port());
  }

  /** The operator, at work by this client. */
  MillraceOperator operator(KubernetesClient by) throws Exception {
    return operator(by, Duration.ofSeconds(30));
  }

  /**
   * @param patience how long what goes waits for its store
   */
  MillraceOperator operator(KubernetesClient by, Duration patience) throws Exception {
    return operator(by, patience, Optional.empty());
  }

  /**
   * @param pool that it scales
   */
  MillraceOperator operator(KubernetesClient by, Duration patience, Optional<Pool.Settings> pool)
      throws Exception {
    return MillraceOperator.start(
        new OperatorSettings(
            new HashMap<>(kafka.platformProperties()),
            SYSTEM,
            WORKERS,
            new Servers.Settings(STORES, "postgres:18", "redis:7.4"),
            pool,
            Set.of(),
            patience),
        by,
        new Engines(List.of(new PostgresDriver(), new RedisDriver())));
  }

  /** As a worker that has come so far. */
  void report(String subscription, int partition, long position, long endOffset) throws Exception {
    ObjectKey key = new ObjectKey(TENANT, subscription);
    PartitionReport report =
        new PartitionReport(
            key,
            partition,
            1,
            "somebody",
            "Live",
            position,
            position,
            endOffset,
            Counts.NONE,
            0,
            null,
            null,
            null,
            Instant.now());
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            new HashMap<>(kafka.platformProperties()),
            new StringSerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  Topics.STATUS, key + "/" + partition, Json.STRICT.writeValueAsBytes(report)))
          .get();
    }
  }

  /** One or several documents, as {@code kubectl apply --server-side} would. */
  void apply(String yaml) {
    for (String document : yaml.split("(?m)^---\n")) {
      client
          .resource(Serialization.unmarshal(document, GenericKubernetesResource.class))
          .serverSideApply();
    }
  }

  /** With a key and a number, of the tenant {@link #OWNER}. */
  static String product(String name) {
    return """
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
    """
        .formatted(name);
  }

  /** Of the tenant {@link #TENANT}. */
  static String subscription(String name, String product, String store) {
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

  <K extends Kind> Optional<K> find(Class<K> kind, String namespace, String name) {
    return Optional.ofNullable(client.resources(kind).inNamespace(namespace).withName(name).get());
  }

  Optional<DataSubscription> subscription(String name) {
    return find(DataSubscription.class, TENANT, name);
  }

  Optional<DataProduct> product(String namespace, String name) {
    return find(DataProduct.class, namespace, name);
  }

  void delete(Class<? extends Kind> kind, String namespace, String name) {
    client.resources(kind).inNamespace(namespace).withName(name).delete();
  }

  Secret binding(String subscription) {
    return client.secrets().inNamespace(TENANT).withName(subscription + "-credentials").get();
  }

  static Optional<JsonNode> condition(Optional<? extends Kind> of, String type) {
    if (of.isPresent() && of.get().getStatus() != null) {
      for (JsonNode condition : of.get().getStatus().path("conditions")) {
        if (condition.path("type").asText().equals(type)) {
          return Optional.of(condition);
        }
      }
    }
    return Optional.empty();
  }

  boolean isTrue(String subscription, String type) {
    return condition(subscription(subscription), type)
        .filter(condition -> condition.path("status").asText().equals("True"))
        .isPresent();
  }

  static String reason(Optional<? extends Kind> of, String type) {
    return condition(of, type).map(found -> found.path("reason").asText()).orElse("");
  }

  static String text(Secret secret, String field) {
    return new String(
        Base64.getDecoder().decode(secret.getData().get(field)), StandardCharsets.UTF_8);
  }

  /** By whoever reads with it. */
  static String query(Secret secret, String sql) throws SQLException {
    return query(text(secret, "jdbc-url"), text(secret, "username"), text(secret, "password"), sql);
  }

  /** The same, by the server's superuser and by no proxy. */
  String queryAround(Secret secret, String sql) throws SQLException {
    return query(
        postgres.jdbcUrl(text(secret, "database")),
        EmbeddedPostgres.SUPERUSER,
        postgres.password(),
        sql);
  }

  /** By the server's superuser. */
  String query(String sql) throws SQLException {
    return query(
        postgres.jdbcUrl("postgres"), EmbeddedPostgres.SUPERUSER, postgres.password(), sql);
  }

  /** The words that the server answers to these, by its superuser. */
  List<String> redis(String... commands) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), redis.port())) {
      String all =
          "AUTH %s\r\n%s\r\nQUIT\r\n".formatted(redis.password(), String.join("\r\n", commands));
      socket.getOutputStream().write(all.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.matches("[*$+].*"))
          .toList();
    }
  }

  /** Whether somebody who has nothing but this gets in; by no proxy that counts requests. */
  boolean letsIn(Secret secret) {
    String username = text(secret, "username");
    String password = text(secret, "password");
    if (text(secret, "type").equals("postgresql")) {
      try {
        return query(postgres.jdbcUrl(text(secret, "database")), username, password, "SELECT 1")
            .equals("1");
      } catch (SQLException e) {
        return false;
      }
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), redis.port())) {
      socket
          .getOutputStream()
          .write("AUTH %s %s\r\n".formatted(username, password).getBytes(StandardCharsets.UTF_8));
      return socket.getInputStream().read() == '+';
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether what a subscription's tenant has is the login that the operator keeps. */
  boolean isOfNow(String subscription) {
    String reference = "reader/" + TENANT + "/" + subscription;
    return client.secrets().inNamespace(SYSTEM).list().getItems().stream()
        .filter(each -> each.getMetadata().getAnnotations() != null)
        .filter(each ->
            reference.equals(each.getMetadata().getAnnotations().get("millrace.dev/reference")))
        .anyMatch(kept ->
            text(kept, "username").equals(text(binding(subscription), "username"))
                && text(kept, "password").equals(text(binding(subscription), "password")));
  }

  private static String query(String url, String user, String password, String sql)
      throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, user, password);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  void await(String what, Callable<Boolean> isSo) throws Exception {
    await(what, 40, isSo);
  }

  void await(String what, int seconds, Callable<Boolean> isSo) throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (!isSo.call()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("not so: " + what + "; " + seen());
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private String seen() {
    StringBuilder all = new StringBuilder();
    List<Kind> objects = new ArrayList<>();
    objects.addAll(client.resources(DataProduct.class).inAnyNamespace().list().getItems());
    objects.addAll(client.resources(DataSubscription.class).inAnyNamespace().list().getItems());
    objects.forEach(each ->
        all.append('\n')
            .append(each.getKind())
            .append(' ')
            .append(each.key())
            .append(' ')
            .append(each.getStatus()));
    return all.toString();
  }
}
