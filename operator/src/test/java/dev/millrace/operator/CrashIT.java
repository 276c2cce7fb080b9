package dev.millrace.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.operator.cluster.Crash;
import dev.millrace.operator.kind.DataProduct;
import dev.millrace.operator.kind.DataSubscription;
import dev.millrace.operator.kind.Store;
import dev.millrace.testcluster.ApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The operator is stopped after each of its requests to the API server that changes something, and
 * another begins: it comes to the same end, and nothing is left over.
 */
class CrashIT {
  private static RealCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = RealCluster.start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void fromNothingToProvisioned() throws Exception {
    everywhere(
        "made",
        name -> {},
        CrashIT::apply,
        name -> isProvisioned(name),
        List.of(
            "DataProduct",
            "DataSubscription",
            "Store",
            "binding",
            "database",
            "login writer",
            "login reader",
            "role reader",
            "role writer"));
  }

  @Test
  void fromProvisionedToNothing() throws Exception {
    everywhere(
        "gone",
        name -> {
          try (MillraceOperator operator = cluster.operator(cluster.client())) {
            apply(name);
            cluster.await("provisioned", () -> isProvisioned(name));
          }
        },
        name -> {
          cluster.delete(DataSubscription.class, RealCluster.TENANT, name);
          cluster.delete(DataProduct.class, RealCluster.OWNER, name);
        },
        name ->
            cluster.subscription(name).isEmpty()
                && cluster.product(RealCluster.OWNER, name).isEmpty()
                && cluster.find(Store.class, RealCluster.TENANT, name).isEmpty(),
        List.of());
  }

  private interface Step {
    void with(String name) throws Exception;
  }

  private interface Question {
    boolean isSo(String name) throws Exception;
  }

  /**
   * @param inventory what there is in the end
   */
  private static void everywhere(
      String prefix, Step before, Step journey, Question end, List<String> inventory)
      throws Exception {
    List<String> sites = new ArrayList<>();
    for (int n = 1; ; n++) {
      String name = prefix + "-" + n + "-x";
      before.with(name);
      Crash crash = new Crash(n);
      try (KubernetesClient client = cluster.server().client(ApiServer.ADMIN, crash);
          MillraceOperator operator = cluster.operator(client)) {
        journey.with(name);
        cluster.await("crashed or arrived", () -> crash.hasCrashed() || end.isSo(name));
      }
      boolean arrived = !crash.hasCrashed();
      if (!arrived) {
        sites.add(crash.sites().get(n - 1).replace(name, "NAME"));
        try (MillraceOperator operator = cluster.operator(cluster.client())) {
          cluster.await(
              "arrived after a crash behind " + n + ": " + sites.get(n - 1),
              () -> end.isSo(name) && inventory(name).equals(new TreeSet<>(inventory)));
        }
      }
      assertThat(inventory(name))
          .as("what there is, with a crash behind %d: %s", n, crash.sites())
          .isEqualTo(new TreeSet<>(inventory));
      if (arrived) {
        break;
      }
    }
    System.out.println("crashed behind each of " + sites.size() + " requests, " + prefix + ":");
    sites.forEach(site -> System.out.println("  " + site));
    assertThat(sites).hasSizeGreaterThan(3);
  }

  private static void apply(String name) {
    cluster.apply(RealCluster.product(name));
    cluster.apply(RealCluster.subscription(name, name, "{class: postgres, reclaimPolicy: Delete}"));
  }

  private static boolean isProvisioned(String name) {
    return RealCluster.reason(cluster.product(RealCluster.OWNER, name), "Ready")
            .equals("TopicReady")
        && cluster.isTrue(name, "Provisioned")
        && cluster.isTrue(name, "CredentialsReady")
        && cluster.binding(name) != null;
  }

  private static TreeSet<String> inventory(String name) throws Exception {
    TreeSet<String> there = new TreeSet<>();
    cluster.subscription(name).ifPresent(found -> there.add(found.getKind()));
    cluster.product(RealCluster.OWNER, name).ifPresent(found -> there.add(found.getKind()));
    cluster
        .find(Store.class, RealCluster.TENANT, name)
        .ifPresent(found -> there.add(found.getKind()));
    if (cluster.binding(name) != null) {
      there.add("binding");
    }
    Stream.of(RealCluster.SYSTEM, RealCluster.WORKERS)
        .flatMap(namespace ->
            cluster.client().secrets().inNamespace(namespace).list().getItems().stream())
        .filter(secret -> secret.getMetadata().getAnnotations() != null)
        .map(secret -> secret.getMetadata().getAnnotations().get("millrace.dev/reference"))
        .filter(reference -> reference != null && reference.endsWith("/" + name))
        .forEach(reference -> there.add("login " + reference.substring(0, reference.indexOf('/'))));
    String like = "'%" + name.replace("-", "\\_") + "%'";
    if (!cluster.query("SELECT count(*) FROM pg_database WHERE datname LIKE " + like).equals("0")) {
      there.add("database");
    }
    for (String kind : List.of("reader", "writer")) {
      String roles =
          cluster.query(
              "SELECT count(*) FROM pg_roles WHERE rolname LIKE "
                  + like
                  + " AND rolname LIKE '%"
                  + kind
                  + "%'");
      if (!roles.equals("0")) {
        there.add("role " + kind);
      }
    }
    return there;
  }
}
