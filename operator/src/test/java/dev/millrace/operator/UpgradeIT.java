package dev.millrace.operator;

import static dev.millrace.operator.RealCluster.TENANT;
import static dev.millrace.operator.RealCluster.product;
import static dev.millrace.operator.RealCluster.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.operator.kind.DataSubscription;
import dev.millrace.testcluster.ApiServer;
import dev.millrace.testcluster.Kubectl;
import dev.millrace.testcluster.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Definitions are replaced under objects that people have, while the operator is at work. */
class UpgradeIT {
  private RealCluster cluster;
  private MillraceOperator operator;

  @BeforeEach
  void start() throws Exception {
    cluster = RealCluster.startOlder();
    operator = cluster.operator(cluster.client());
  }

  @AfterEach
  void stop() throws Exception {
    operator.close();
    cluster.close();
  }

  @Test
  void whatWasAppliedBeforeGoesOnUnderNewDefinitions() throws Exception {
    cluster.apply(product("orders"));
    String old = subscription("old", "orders", "{class: postgres, reclaimPolicy: Delete}");
    cluster.apply(old);
    cluster.await("provisioned", () -> cluster.isTrue("old", "Provisioned"));
    // The definitions of today refuse it.
    String odd = subscription("odd", "orders", "{name: ../elsewhere}");
    cluster.apply(odd);
    cluster.await("told", () -> reason("odd").equals("UnknownStore"));

    Kubectl kubectl = new Kubectl(cluster.server(), ApiServer.ADMIN);
    Outcome replaced =
        kubectl.run(
            "",
            "apply",
            "--server-side",
            "--force-conflicts",
            "-f",
            Path.of("..", "helm", "crds").toString());
    assertThat(replaced.code()).as(replaced.text()).isZero();
    String another = odd.replace("name: odd", "name: another");
    cluster.await(
        "the new rules are in force",
        () -> {
          Outcome refused = kubectl.run(another, "apply", "--dry-run=server", "-f", "-");
          return refused.code() != 0 && refused.text().contains("is not a Store's name");
        });

    // With an operator that begins, and one that was there before.
    for (String round : new String[] {"first", "second"}) {
      cluster.apply(old + "  filter: event.id == '" + round + "'\n");
      cluster.await("looked at anew", () -> isLookedAt("old"));
      cluster.apply(subscription(round, "orders", "{class: redis, reclaimPolicy: Delete}"));
      cluster.await("a new one is provisioned", () -> cluster.isTrue(round, "Provisioned"));
      operator.close();
      operator = cluster.operator(cluster.client());
    }
    assertThat(cluster.isTrue("old", "Provisioned")).isTrue();
    assertThat(reason("odd")).isEqualTo("UnknownStore");

    for (String name : new String[] {"odd", "old", "first", "second"}) {
      cluster.delete(DataSubscription.class, TENANT, name);
      cluster.await(name + " goes", () -> cluster.subscription(name).isEmpty());
    }
    assertThat(cluster.query("SELECT count(*) FROM pg_database WHERE datname LIKE '%old%'"))
        .isEqualTo("0");
  }

  private boolean isLookedAt(String name) {
    DataSubscription subscription = cluster.subscription(name).orElseThrow();
    return subscription.generation()
        == subscription.getStatus().path("observedGeneration").asLong();
  }

  private String reason(String name) {
    return RealCluster.reason(cluster.subscription(name), "Ready");
  }
}
