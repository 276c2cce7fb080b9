package dev.millrace.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A Kafka broker and controller in this JVM, on loopback. Two principals: {@code platform} may do
 * everything; {@code client} may do what applications do, but neither touch {@code millrace.*} and
 * internal topics nor change who may do what.
 */
public final class EmbeddedKafka implements AutoCloseable {
  private static final String PLATFORM = "platform";
  private static final String CLIENT = "client";

  private final KafkaRaftServer server;
  private final int port;
  private final Secrets secrets;

  private record Secrets(String platform, String client) {}

  private EmbeddedKafka(KafkaRaftServer server, int port, Secrets secrets) {
    this.server = server;
    this.port = port;
    this.secrets = secrets;
  }

  /**
   * Formats the directory if it is new and starts the broker. Returns when it takes clients.
   *
   * @param port 0 takes a free one
   * @throws ServerFailed with one sentence for a person
   */
  public static EmbeddedKafka start(Path directory, int port) {
    int chosen = port == 0 ? Ports.free() : port;
    try {
      Files.createDirectories(directory);
      Secrets secrets = secrets(directory);
      format(directory);
      KafkaRaftServer server =
          new KafkaRaftServer(
              KafkaConfig.fromProps(settings(directory, chosen, Ports.free(), secrets)),
              Time.SYSTEM);
      server.startup();
      EmbeddedKafka kafka = new EmbeddedKafka(server, chosen, secrets);
      kafka.limitClient();
      return kafka;
    } catch (ServerFailed e) {
      throw e;
    } catch (Exception e) {
      throw new ServerFailed(reason(directory, chosen, e), e);
    }
  }

  public int port() {
    return port;
  }

  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /** Client settings of the principal that may do everything. */
  public Map<String, String> platformProperties() {
    return properties(PLATFORM, secrets.platform());
  }

  /** Client settings to give to applications. */
  public Map<String, String> clientProperties() {
    return properties(CLIENT, secrets.client());
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }

  private Map<String, String> properties(String user, String password) {
    return Map.of(
        "bootstrap.servers",
        bootstrapServers(),
        "security.protocol",
        "SASL_PLAINTEXT",
        "sasl.mechanism",
        "PLAIN",
        "sasl.jaas.config",
        jaas(user, password) + ";");
  }

  private static String jaas(String user, String password) {
    return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\""
        + user
        + "\" password=\""
        + password
        + "\"";
  }

  private static Properties settings(
      Path directory, int port, int controllerPort, Secrets secrets) {
    String jaas =
        jaas(PLATFORM, secrets.platform())
            + " user_platform=\""
            + secrets.platform()
            + "\" user_client=\""
            + secrets.client()
            + "\";";
    Properties settings = new Properties();
    settings.putAll(
        Map.ofEntries(
            Map.entry("process.roles", "broker,controller"),
            Map.entry("node.id", "1"),
            Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controllerPort),
            Map.entry(
                "listeners",
                "CLIENT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort),
            Map.entry("advertised.listeners", "CLIENT://127.0.0.1:" + port),
            Map.entry(
                "listener.security.protocol.map",
                "CLIENT:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT"),
            Map.entry("inter.broker.listener.name", "CLIENT"),
            Map.entry("controller.listener.names", "CONTROLLER"),
            Map.entry("sasl.enabled.mechanisms", "PLAIN"),
            Map.entry("sasl.mechanism.inter.broker.protocol", "PLAIN"),
            Map.entry("sasl.mechanism.controller.protocol", "PLAIN"),
            Map.entry("listener.name.client.plain.sasl.jaas.config", jaas),
            Map.entry("listener.name.controller.plain.sasl.jaas.config", jaas),
            Map.entry(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer"),
            Map.entry("super.users", "User:" + PLATFORM),
            Map.entry("allow.everyone.if.no.acl.found", "true"),
            Map.entry("log.dirs", directory.toAbsolutePath().toString()),
            Map.entry("auto.create.topics.enable", "false"),
            Map.entry("default.replication.factor", "1"),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("offsets.topic.num.partitions", "4"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("transaction.state.log.num.partitions", "4"),
            Map.entry("share.coordinator.state.topic.replication.factor", "1"),
            Map.entry("share.coordinator.state.topic.num.partitions", "1"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            Map.entry("group.min.session.timeout.ms", "1000"),
            Map.entry("message.max.bytes", "5242880"),
            Map.entry("replica.fetch.max.bytes", "5242880"),
            Map.entry("log.cleaner.dedupe.buffer.size", "8388608"),
            Map.entry("log.cleaner.threads", "1"),
            Map.entry("num.network.threads", "2"),
            Map.entry("num.io.threads", "4"),
            Map.entry("num.recovery.threads.per.data.dir", "2"),
            // Without these a broker that was killed is let back in only after 13 s.
            Map.entry("broker.session.timeout.ms", "1000"),
            Map.entry("broker.heartbeat.interval.ms", "200"),
            Map.entry("controller.quorum.election.timeout.ms", "100"),
            Map.entry("controller.quorum.fetch.timeout.ms", "200")));
    return settings;
  }

  private static void format(Path directory) throws Exception {
    if (Files.exists(directory.resolve("meta.properties"))) {
      return;
    }
    try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream())) {
      new Formatter()
          .setPrintStream(nowhere)
          .setNodeId(1)
          .setClusterId(Uuid.randomUuid().toString())
          .setControllerListenerName("CONTROLLER")
          .addDirectory(directory.toAbsolutePath().toString())
          .setMetadataLogDirectory(directory.toAbsolutePath().toString())
          .run();
    }
  }

  private static Secrets secrets(Path directory) throws IOException {
    // Beside the log directory, which holds nothing but what Kafka puts there.
    Path file = directory.resolveSibling(directory.getFileName() + ".secrets");
    if (!Files.exists(file)) {
      Path draft = file.resolveSibling(file.getFileName() + ".new");
      Files.deleteIfExists(draft);
      Files.createFile(
          draft,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(draft, Passwords.fresh() + "\n" + Passwords.fresh() + "\n");
      // Whole or not at all, should the process be killed right here.
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }
    List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
    return new Secrets(lines.get(0), lines.get(1));
  }

  private void limitClient() throws ExecutionException, InterruptedException, TimeoutException {
    List<AclBinding> bindings =
        Stream.of(
                Stream.of("millrace.", "__")
                    .map(prefix -> acl(ResourceType.TOPIC, prefix, AclOperation.ALL, false)),
                Stream.of(acl(ResourceType.GROUP, "millrace-", AclOperation.ALL, false)),
                Stream.of(
                        AclOperation.ALTER, AclOperation.ALTER_CONFIGS, AclOperation.CLUSTER_ACTION)
                    .map(operation -> cluster(operation, false)),
                // One denial on the cluster takes the default away, so what is allowed is said.
                Stream.of(AclOperation.CREATE, AclOperation.DESCRIBE, AclOperation.IDEMPOTENT_WRITE)
                    .map(operation -> cluster(operation, true)))
            .flatMap(each -> each)
            .toList();
    Map<String, Object> properties = new HashMap<>(platformProperties());
    try (Admin admin = Admin.create(properties)) {
      admin.createAcls(bindings).all().get(30, TimeUnit.SECONDS);
    }
  }

  private static AclBinding cluster(AclOperation operation, boolean allow) {
    return new AclBinding(
        new ResourcePattern(ResourceType.CLUSTER, "kafka-cluster", PatternType.LITERAL),
        entry(operation, allow));
  }

  private static AclBinding acl(
      ResourceType type, String prefix, AclOperation operation, boolean allow) {
    return new AclBinding(
        new ResourcePattern(type, prefix, PatternType.PREFIXED), entry(operation, allow));
  }

  private static AccessControlEntry entry(AclOperation operation, boolean allow) {
    return new AccessControlEntry(
        "User:" + CLIENT, "*", operation, allow ? AclPermissionType.ALLOW : AclPermissionType.DENY);
  }

  private static String reason(Path directory, int port, Exception e) {
    String message = String.valueOf(e.getMessage());
    if (!Ports.isFree(port)) {
      return "Kafka found port " + port + " taken: end what listens there, or start again";
    }
    if (message.contains("No space left")) {
      return "Kafka found the disk full: free some space where " + directory + " lies";
    }
    return "Kafka did not start on " + directory + ": " + message;
  }
}
