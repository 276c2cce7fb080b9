package dev.millrace.kubernetes;

import dev.millrace.controller.CannotStart;
import dev.millrace.controller.KafkaSettings;
import dev.millrace.provisioner.Worker;
import dev.millrace.provisioner.WorkerSettings;
import dev.millrace.stores.credentials.SecretVault;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.prometheus.client.Collector;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** One worker of a pool. */
final class WorkerPart implements Part {
  private final KubernetesConfig config;
  private final WorkerFigures figures = new WorkerFigures();
  private final AtomicReference<@Nullable Running> running = new AtomicReference<>();

  private record Running(KubernetesClient client, SecretVault vault, Worker worker) {}

  WorkerPart(KubernetesConfig config) {
    this.config = config;
  }

  @Override
  public void start() throws CannotStart {
    WorkerSettings settings =
        WorkerSettings.of(
            config.replica(),
            KafkaSettings.of(config.kafka().bootstrapServers(), config.kafka().properties()));
    KubernetesClient client = new KubernetesClientBuilder().build();
    SecretVault vault = SecretVault.ofWorker(client, config.namespace());
    try {
      Worker worker = Worker.start(settings, Engines.ALL, vault);
      worker.rehearse();
      running.set(new Running(client, vault, worker));
    } catch (KafkaException e) {
      throw new CannotStart(
          "the settings for Kafka cannot be used: "
              + e.getMessage()
              + ". Look at the Secret that the chart's value kafka.secret names");
    }
  }

  @Override
  public boolean isReady() {
    return running.get() != null;
  }

  @Override
  public List<Collector.MetricFamilySamples> figures() {
    return Optional.ofNullable(running.get())
        .map(each -> figures.of(each.worker().reports()))
        .orElse(List.of());
  }

  @Override
  public void stop() {
    Optional.ofNullable(running.getAndSet(null))
        .ifPresent(each -> {
          each.worker().close();
          each.vault().close();
          each.client().close();
        });
  }
}
