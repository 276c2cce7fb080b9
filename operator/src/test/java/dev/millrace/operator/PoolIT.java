package dev.millrace.operator;

import static dev.millrace.operator.RealCluster.WORKERS;
import static dev.millrace.operator.RealCluster.product;
import static dev.millrace.operator.RealCluster.subscription;

import dev.millrace.operator.pool.Pool;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A Deployment of workers, which do not run here: what they would say is said for them. */
class PoolIT {
  private static final Pool.Settings POOL =
      new Pool.Settings(
          WORKERS, "pool", 1, 5, 1_000, Duration.ofSeconds(4), Duration.ofMillis(500));

  @Test
  void thereAreMoreWorkersWhileMoreWaits() throws Exception {
    try (RealCluster cluster = RealCluster.start();
        MillraceOperator operator =
            cluster.operator(cluster.client(), Duration.ofSeconds(30), Optional.of(POOL))) {
      cluster.apply(product("busy"));
      cluster.apply(subscription("busy", "busy", "{class: postgres}"));
      cluster.await("it is provisioned", () -> cluster.isTrue("busy", "Provisioned"));
      // What is not there yet is tried again.
      deploy(cluster);

      cluster.report("busy", 0, 0, 2_500);
      cluster.report("busy", 1, 0, 2_000);
      cluster.report("busy", 2, 0, 2_000);
      cluster.await("three partitions wait", () -> replicas(cluster) == 3);

      for (int partition = 0; partition < 3; partition++) {
        cluster.report("busy", partition, 2_500, 2_500);
      }
      cluster.await("nothing waits any more", () -> replicas(cluster) == 1);
    }
  }

  private static void deploy(RealCluster cluster) {
    cluster
        .client()
        .resource(
            new DeploymentBuilder()
                .withNewMetadata()
                .withNamespace(WORKERS)
                .withName("pool")
                .endMetadata()
                .withNewSpec()
                .withReplicas(1)
                .withNewSelector()
                .addToMatchLabels("is", "worker")
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("is", "worker")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("worker")
                .withImage("millrace:local")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build())
        .create();
  }

  private static int replicas(RealCluster cluster) {
    return cluster
        .client()
        .apps()
        .deployments()
        .inNamespace(WORKERS)
        .withName("pool")
        .get()
        .getSpec()
        .getReplicas();
  }
}
