package dev.millrace.kubernetes;

import dev.millrace.controller.CannotStart;
import dev.millrace.controller.KafkaSettings;
import dev.millrace.controller.PlatformTopics;
import dev.millrace.operator.Leadership;
import dev.millrace.operator.MillraceOperator;
import dev.millrace.operator.OperatorSettings;
import dev.millrace.operator.pool.Pool;
import dev.millrace.operator.store.Servers;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.prometheus.client.Collector;
import io.quarkus.runtime.Quarkus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The operator, when it is this replica's turn. */
final class OperatorPart implements Part {
  private static final Logger LOG = Logger.getLogger(OperatorPart.class);
  private static final Duration AGAIN = Duration.ofSeconds(3);
  private static final Duration POOL_LOOKS = Duration.ofSeconds(15);
  private static final int LEASE_ANSWERED_MILLIS = 2000;
  private static final int LEASE_AGAIN_MILLIS = 200;

  private final KubernetesConfig config;
  private volatile @Nullable Running running;
  private volatile boolean ends;
  private volatile @Nullable MillraceOperator operator;

  /**
   * @param forLease patient clients would try again for longer than the Lease lasts
   */
  private record Running(
      KubernetesClient client, KubernetesClient forLease, Leadership leadership) {}

  OperatorPart(KubernetesConfig config) {
    this.config = config;
  }

  @Override
  public void start() throws CannotStart {
    Map<String, Object> kafka =
        KafkaSettings.of(config.kafka().bootstrapServers(), config.kafka().properties());
    OperatorSettings settings =
        new OperatorSettings(
            kafka,
            config.namespace(),
            config.workersNamespace(),
            new Servers.Settings(
                config.stores().namespace(),
                config.stores().postgresImage(),
                config.stores().redisImage()),
            config.pool().map(this::pool),
            config.watchedNamespaces().orElse(Set.of()));
    KubernetesClient client = new KubernetesClientBuilder().build();
    KubernetesClient forLease =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder()
                    // Once: of who is sent away as too many (429), or loses a connection.
                    .withRequestRetryBackoffLimit(1)
                    .withRequestRetryBackoffInterval(LEASE_AGAIN_MILLIS)
                    .withConnectionTimeout(LEASE_ANSWERED_MILLIS)
                    .withRequestTimeout(LEASE_ANSWERED_MILLIS)
                    .build())
            .build();
    running =
        new Running(
            client,
            forLease,
            Leadership.race(
                forLease,
                config.namespace(),
                config.replica(),
                () -> begin(settings, client),
                this::lost));
  }

  private Pool.Settings pool(KubernetesConfig.Pool pool) {
    return new Pool.Settings(
        config.workersNamespace(),
        pool.deployment(),
        pool.min(),
        pool.max(),
        pool.lagPerWorker(),
        pool.calm(),
        POOL_LOOKS);
  }

  private void begin(OperatorSettings settings, KubernetesClient client) {
    try {
      while (!ends && !begun(settings, client)) {
        TimeUnit.MILLISECONDS.sleep(AGAIN.toMillis());
      }
      LOG.infof("at work replica=%s", config.replica());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      // Or it would keep the Lease, and nobody be at work.
      LOG.error("the operator did not start; it is tried anew", e);
      end();
    }
  }

  /** A broker that does not answer yet is waited for. */
  private boolean begun(OperatorSettings settings, KubernetesClient client)
      throws InterruptedException {
    try {
      MillraceOperator started = MillraceOperator.start(settings, client, Engines.ALL);
      keep(started);
      return true;
    } catch (PlatformTopics.NotMade | KafkaException e) {
      LOG.warn(e.getMessage());
      return false;
    }
  }

  private synchronized void keep(MillraceOperator started) {
    if (ends) {
      started.close();
    } else {
      operator = started;
    }
  }

  /** Another may be at work by now, so at once: what is under way could take its time. */
  private void lost() {
    if (!ends) {
      LOG.errorf("the Lease may be another's by now, so this replica ends: %s", config.replica());
      Runtime.getRuntime().halt(1);
    }
  }

  private void end() {
    if (!ends) {
      Quarkus.asyncExit(1);
    }
  }

  /** One that stands by is, too: otherwise an update would not go on, nor the Lease go over. */
  @Override
  public boolean isReady() {
    Running now = running;
    return now != null
        && now.leadership().isDecided()
        && (!now.leadership().leads() || operator != null);
  }

  @Override
  public List<Collector.MetricFamilySamples> figures() {
    return OperatorFigures.of(Optional.ofNullable(operator).map(MillraceOperator::census));
  }

  @Override
  public synchronized void stop() {
    ends = true;
    Optional.ofNullable(operator).ifPresent(MillraceOperator::close);
    Optional.ofNullable(running)
        .ifPresent(each -> {
          each.leadership().close();
          each.client().close();
          each.forLease().close();
        });
  }
}
