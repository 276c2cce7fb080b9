package dev.millrace.image;

import dev.millrace.embedded.EmbeddedPostgres;
import dev.millrace.embedded.EmbeddedRedis;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/** Stores whose servers the operator runs, as somebody in the cluster reaches them. */
final class OwnServers {
  private static final String NAMESPACE = "millrace-stores";
  private static final String TENANT = "own-tenant";

  private final Installation installation;

  OwnServers(Installation installation) {
    this.installation = installation;
  }

  /**
   * What stands for the official images: this machine's programs, at the path that theirs are on,
   * and the user that they bring.
   *
   * @param folder an empty one
   */
  static Map<String, Path> images(Path folder) throws IOException {
    Path postgres = image(folder.resolve("postgres-image"), "postgres");
    Files.createSymbolicLink(postgres.resolve("engine"), EmbeddedPostgres.binaries());
    Path redis = image(folder.resolve("redis-image"), "redis");
    Path programs = Files.createDirectories(redis.resolve("engine").resolve("bin"));
    Files.copy(EmbeddedRedis.binary(), programs.resolve("redis-server"));
    return Map.of("postgres:18", postgres, "redis:7.4", redis);
  }

  private static Path image(Path folder, String user) throws IOException {
    Path etc = Files.createDirectories(folder.resolve("etc"));
    Files.writeString(
        etc.resolve("passwd"),
        "root:x:0:0:root:/root:/bin/sh\n" + user + ":x:999:999::/:/bin/sh\n");
    return folder;
  }

  /** A subscription to a store of this class, which takes its server along when it goes. */
  void subscribe(String name, String storeClass, String more) throws Exception {
    installation.kubectl(
        """
        apiVersion: millrace.dev/v1alpha1
        kind: DataSubscription
        metadata: {name: %s, namespace: %s}
        spec:
          product: own-owner/orders
          filter: event.country in ['DE', 'FR']
          store: {class: %s, %s}
        """
            .formatted(name, TENANT, storeClass, more),
        "apply",
        "-f",
        "-");
  }

  void awaitReady(String subscription) throws Exception {
    installation.kubectl(
        "", "wait", "--for=condition=Ready", "dsub/" + subscription, "-n", TENANT, "--timeout=90s");
  }

  /** A Service's name means nothing outside of the cluster. */
  private Map<String, String> reachable(Map<String, String> secret) {
    String host = secret.get("host");
    String address = pod(host).getStatus().getPodIP();
    Map<String, String> reachable = new HashMap<>(secret);
    reachable.replaceAll((field, value) -> value.replace(host, address));
    return reachable;
  }

  private Pod pod(String host) {
    String name = host.substring(0, host.indexOf('.')) + "-0";
    return installation.client().pods().inNamespace(NAMESPACE).withName(name).get();
  }

  /** That in which a subscription's rows are. */
  Pod podOf(String subscription) {
    return pod(secret(subscription).get("host"));
  }

  private Map<String, String> secret(String subscription) {
    return installation.secret(TENANT, subscription + "-credentials");
  }

  /** Totals by id, as a reader finds them. */
  Map<String, Long> inPostgres(String subscription) throws SQLException {
    return Rows.inPostgres(reachable(secret(subscription)));
  }

  Map<String, Long> inRedis(String subscription) {
    Map<String, String> secret = reachable(secret(subscription));
    HostAndPort address = Rows.address(secret);
    try (Jedis admin = Rows.open("default", admin(subscription), address)) {
      return Rows.inRedis(secret, List.copyOf(admin.keys(secret.get("relation"))));
    }
  }

  /** How many rows a table of its database has, whoever's it is. */
  long count(String subscription, String table) throws SQLException {
    Map<String, String> secret = reachable(secret(subscription));
    try (Connection connection =
            DriverManager.getConnection(secret.get("jdbc-url"), "postgres", admin(subscription));
        Statement statement = connection.createStatement();
        ResultSet counted = statement.executeQuery("SELECT count(*) FROM " + table)) {
      counted.next();
      return counted.getLong(1);
    }
  }

  /** The password of who may do everything. */
  private String admin(String store) {
    Secret login =
        installation.client().secrets().inNamespace(NAMESPACE).list().getItems().stream()
            .filter(each -> each.getMetadata().getAnnotations() != null)
            .filter(each ->
                ("server/" + TENANT + "/" + store)
                    .equals(each.getMetadata().getAnnotations().get("millrace.dev/reference")))
            .findFirst()
            .orElseThrow();
    return new String(
        Base64.getDecoder().decode(login.getData().get("password")), StandardCharsets.UTF_8);
  }
}
