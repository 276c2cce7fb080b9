package dev.millrace.image;

import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.embedded.EmbeddedPostgres;
import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.testcluster.ApiServer;
import dev.millrace.testcluster.Helm;
import dev.millrace.testcluster.Kubectl;
import dev.millrace.testcluster.Node;
import dev.millrace.testcluster.Outcome;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A cluster with a node, on which the chart was installed as {@code docs/kubernetes.md} says, from
 * the image as it is built; and outside of it an event store, a Postgres and a Redis, as a company
 * has them.
 */
final class Installation implements AutoCloseable {
  private static final String SYSTEM = "millrace-system";
  private static final String IMAGE = "millrace:local";

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final Path folder;
  private final ApiServer server;
  private final KubernetesClient client;
  private final EmbeddedKafka kafka;
  private final EmbeddedPostgres postgres;
  private final EmbeddedRedis redis;
  private final Node node;
  private final Kubectl kubectl;
  private final Page page;

  private Installation(ApiServer server) throws IOException, InterruptedException {
    this.folder = Files.createTempDirectory("installation");
    this.server = kept(server);
    this.client = kept(server.patientClient(ApiServer.ADMIN));
    this.kafka = kept(EmbeddedKafka.start(folder.resolve("kafka"), 0));
    this.postgres = kept(EmbeddedPostgres.start(folder.resolve("postgres"), 0));
    this.redis = kept(EmbeddedRedis.start(folder.resolve("redis"), 0));
    offerVolumes();
    Map<String, Path> images = new HashMap<>(OwnServers.images(folder));
    images.put(IMAGE, Path.of("target", "jib-image.tar").toAbsolutePath());
    this.node = kept(Node.start(server, images));
    this.kubectl = new Kubectl(server, ApiServer.ADMIN);
    this.page = new Page(shell(), this::seen);
  }

  /** As any cluster does, of which one is taken when nobody says which. */
  private void offerVolumes() {
    client
        .resource(
            new StorageClassBuilder()
                .withNewMetadata()
                .withName("standard")
                .addToAnnotations("storageclass.kubernetes.io/is-default-class", "true")
                .endMetadata()
                .withProvisioner("example.com/folders")
                .withAllowVolumeExpansion(true)
                .build())
        .create();
  }

  /** Returns when operator and workers say that they are ready. */
  static Installation start() throws Exception {
    return on(ApiServer.startWithControllers());
  }

  /** On an API server under strain. */
  static Installation startStrained() throws Exception {
    return on(ApiServer.startStrained());
  }

  private static Installation on(ApiServer server) throws Exception {
    Installation made = new Installation(server);
    try {
      made.page.section("Install");
      made.admin("redis-admin", "default", made.redis.password());
      return made;
    } catch (Exception | AssertionError e) {
      made.close();
      throw e;
    }
  }

  private Path kafkaProperties() throws IOException {
    return Files.writeString(
        folder.resolve("kafka.properties"),
        kafka.platformProperties().entrySet().stream()
            .map(each -> each.getKey() + "=" + each.getValue() + "\n")
            .collect(Collectors.joining()));
  }

  /** The variables of a shell in which {@code kubectl} and {@code helm} are for this cluster. */
  private Map<String, String> shell() throws IOException {
    Map<String, String> variables = new HashMap<>(kubectl.environment());
    variables.put("IMAGE", "millrace");
    variables.put("TAG", "local");
    variables.put("KAFKA", kafka.bootstrapServers());
    variables.put("KAFKA_PROPERTIES", kafkaProperties().toString());
    variables.put("POSTGRES", "127.0.0.1:" + postgres.port());
    variables.put("POSTGRES_USER", EmbeddedPostgres.SUPERUSER);
    variables.put("POSTGRES_PASSWORD", postgres.password());
    return variables;
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

  private <T extends AutoCloseable> T kept(T each) {
    opened.add(each);
    return each;
  }

  ApiServer server() {
    return server;
  }

  KubernetesClient client() {
    return client;
  }

  Node node() {
    return node;
  }

  EmbeddedPostgres postgres() {
    return postgres;
  }

  EmbeddedRedis redis() {
    return redis;
  }

  Map<String, Object> kafka() {
    return new HashMap<>(kafka.platformProperties());
  }

  Helm helm() {
    return new Helm(server, ApiServer.ADMIN);
  }

  Page page() {
    return page;
  }

  /** For whoever has to find out what went wrong. */
  private String seen() {
    try {
      return kubectl.run("", "get", "deployments,pods,millrace", "-A", "-o", "yaml").text()
          + "\n"
          + server.lastWords()
          + "\n"
          + node.logs();
    } catch (IOException e) {
      return e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e.toString();
    }
  }

  /** As a person types it; what goes wrong is shown with what the containers said. */
  String kubectl(String input, String... arguments) throws IOException, InterruptedException {
    Outcome outcome = kubectl.run(input, arguments);
    if (outcome.code() != 0) {
      throw new AssertionError(
          "kubectl " + String.join(" ", arguments) + ": " + outcome.text() + "\n" + seen());
    }
    return outcome.text();
  }

  Map<String, String> secret(String namespace, String name) {
    Secret found = client.secrets().inNamespace(namespace).withName(name).get();
    return found.getData().entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                each ->
                    new String(
                        Base64.getDecoder().decode(each.getValue()), StandardCharsets.UTF_8)));
  }

  void await(String what, int seconds, Callable<Boolean> isSo) throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (!isSo.call()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("not so: " + what + "\n" + seen());
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }
}
