package dev.millrace.provisioner;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.Engines;
import dev.millrace.stores.credentials.CredentialSource;
import dev.millrace.stores.credentials.Credentials;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** Workers of one group over a memory store, and the plans they were given. */
final class MemoryPool implements AutoCloseable {
  private static final Credentials LOGIN = new Credentials("writer", "secret");

  final MemoryStore store = new MemoryStore();
  private final Cluster cluster;
  private final String group = Cluster.name("group");
  private final List<Worker> workers = new ArrayList<>();
  private final List<ObjectKey> published = new ArrayList<>();

  MemoryPool(Cluster cluster) {
    this.cluster = cluster;
  }

  Worker startWorker() {
    WorkerSettings usual = WorkerSettings.of(Cluster.name("worker"), cluster.properties());
    Worker worker =
        Worker.start(
            new WorkerSettings(
                usual.worker(), usual.kafka(), group, usual.memoryBytes(), usual.batchBytes()),
            new Engines(List.of(store)),
            anyLogin());
    workers.add(worker);
    return worker;
  }

  /** Which worker has which partition; none while they are being shared out. */
  Map<TopicPartition, String> owners() {
    return cluster.owners(group);
  }

  PipelinePlan run(PipelinePlan plan) {
    store.provision(plan);
    return publish(plan);
  }

  PipelinePlan publish(PipelinePlan plan) {
    published.add(plan.subscription());
    cluster.publish(plan);
    return plan;
  }

  static CredentialSource anyLogin() {
    return new CredentialSource() {
      @Override
      public Optional<Credentials> credentials(String reference) {
        return Optional.of(LOGIN);
      }

      @Override
      public Optional<byte[]> key(String reference) {
        return Optional.empty();
      }
    };
  }

  @Override
  public void close() {
    published.forEach(cluster::retract);
    workers.forEach(Worker::close);
  }
}
