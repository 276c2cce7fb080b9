package dev.millrace.operator.pool;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v1.Scale;
import io.fabric8.kubernetes.api.model.autoscaling.v1.ScaleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** The workers, a Deployment whose scale is written by how much waits. */
public final class Pool implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Pool.class);

  /** Somebody else may have scaled it by then. */
  private static final Duration SEEN = Duration.ofMinutes(1);

  private final RollableScalableResource<Deployment> deployment;
  private final Settings settings;
  private final Supplier<Load> load;
  private final Clock clock;
  private final Scaling scaling;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("operator-pool").daemon().factory());

  private Instant seenAt = Instant.EPOCH;
  private int replicas;

  /**
   * @param namespace of the Deployment
   * @param deployment its name
   * @param min workers, also at rest
   * @param max workers
   * @param lagPerWorker events that wait; for each so many there is a worker
   * @param calm for how long fewer have to be enough before there are fewer
   * @param every how often to look
   */
  public record Settings(
      String namespace,
      String deployment,
      int min,
      int max,
      long lagPerWorker,
      Duration calm,
      Duration every) {}

  private Pool(KubernetesClient client, Settings settings, Supplier<Load> load, Clock clock) {
    this.deployment =
        client
            .apps()
            .deployments()
            .inNamespace(settings.namespace())
            .withName(settings.deployment());
    this.settings = settings;
    this.load = load;
    this.clock = clock;
    this.scaling = new Scaling(settings);
  }

  /** Looks from now on, in a thread of its own. */
  public static Pool start(
      KubernetesClient client, Settings settings, Supplier<Load> load, Clock clock) {
    Pool pool = new Pool(client, settings, load, clock);
    long millis = settings.every().toMillis();
    var unused =
        pool.timer.scheduleWithFixedDelay(pool::look, millis, millis, TimeUnit.MILLISECONDS);
    return pool;
  }

  private void look() {
    try {
      Instant now = clock.instant();
      if (seenAt.plus(SEEN).isBefore(now)) {
        see(now);
      }
      Load waits = load.get();
      if (scaling.replicas(waits, replicas, now) != replicas) {
        Scale fresh = see(now);
        scale(scaling.replicas(waits, replicas, now), fresh, waits);
      }
    } catch (KubernetesClientException e) {
      LOG.warnf("not scaled, it is tried again: %s", e.getMessage());
    } catch (RuntimeException e) {
      // Or nobody would look ever again.
      LOG.error("a fault of ours, workers stay as many as they are", e);
    }
  }

  private Scale see(Instant now) {
    Scale seen = deployment.scale();
    if (seen == null) {
      throw new KubernetesClientException(
          "there is no Deployment " + settings.namespace() + "/" + settings.deployment());
    }
    replicas = seen.getSpec().getReplicas() == null ? 0 : seen.getSpec().getReplicas();
    seenAt = now;
    return seen;
  }

  private void scale(int wants, Scale seen, Load waits) {
    if (replicas == wants) {
      return;
    }
    deployment.scale(new ScaleBuilder(seen).editSpec().withReplicas(wants).endSpec().build());
    LOG.infof(
        "workers=%d in place of %d: %d events wait in %d partitions",
        wants, replicas, waits.lagEvents(), waits.partitions());
    replicas = wants;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
