package dev.millrace.provisioner;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.Engines;
import dev.millrace.stores.Reader;
import dev.millrace.stores.StoreDriver;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.credentials.CredentialSource;
import dev.millrace.stores.credentials.Credentials;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Workers over a real store, and what a controller does for them. */
final class EnginePool implements AutoCloseable {
  /** Some ten events: a history takes many batches, so there are many moments to cut it off. */
  private static final long SMALL_BATCHES = 500;

  private final Cluster cluster;
  private final EngineServer server;
  private final String group = Cluster.name("group");
  private final List<AutoCloseable> workers = new ArrayList<>();
  private final List<ObjectKey> published = new ArrayList<>();

  EnginePool(Cluster cluster, EngineServer server) {
    this.cluster = cluster;
    this.server = server;
  }

  static CredentialSource only(Credentials login) {
    return new CredentialSource() {
      @Override
      public Optional<Credentials> credentials(String reference) {
        return Optional.of(login);
      }

      @Override
      public Optional<byte[]> key(String reference) {
        return reference.equals(TestPlan.HASH_KEY) ? Optional.of(new byte[32]) : Optional.empty();
      }
    };
  }

  Worker startWorker() {
    return startWorker(group, server.driver());
  }

  /** One that the others do not know of: it owns all partitions, as they think they do. */
  Worker startWorkerApart() {
    return startWorker(Cluster.name("group"), server.driver());
  }

  Worker startWorkerWith(StoreDriver driver) {
    return startWorker(group, driver);
  }

  private Worker startWorker(String group, StoreDriver driver) {
    WorkerSettings usual = WorkerSettings.of(Cluster.name("worker"), cluster.properties());
    Worker worker =
        Worker.start(
            new WorkerSettings(
                usual.worker(), usual.kafka(), group, usual.memoryBytes(), usual.batchBytes()),
            new Engines(List.of(driver)),
            only(server.site().writer()));
    workers.add(worker);
    return worker;
  }

  WorkerProcess startProcess() throws IOException {
    WorkerSettings usual = WorkerSettings.of(Cluster.name("process"), cluster.properties());
    WorkerProcess process =
        WorkerProcess.start(
            new WorkerSettings(
                usual.worker(), usual.kafka(), group, usual.memoryBytes(), SMALL_BATCHES),
            server.site().writer());
    workers.add(process);
    return process;
  }

  /** Makes table or keys, cursors and reader, and lets the workers know. */
  PipelinePlan run(PipelinePlan plan) throws StoreProblem {
    provision(plan);
    return publish(plan);
  }

  PipelinePlan provision(PipelinePlan plan) throws StoreProblem {
    provision(server, plan);
    return plan;
  }

  static void provision(EngineServer server, PipelinePlan plan) throws StoreProblem {
    server.driver().provision(server.site(), plan, reader(plan));
  }

  private static Reader reader(PipelinePlan plan) {
    return new Reader.Made(
        new Credentials(plan.subscription().name() + "_reader", "secret of the reader"));
  }

  PipelinePlan publish(PipelinePlan plan) {
    published.add(plan.subscription());
    cluster.publish(plan);
    return plan;
  }

  @Override
  public void close() throws Exception {
    published.forEach(cluster::retract);
    for (AutoCloseable worker : workers) {
      worker.close();
    }
  }
}
