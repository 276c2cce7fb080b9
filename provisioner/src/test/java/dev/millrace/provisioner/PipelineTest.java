package dev.millrace.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.stores.Engines;
import dev.millrace.stores.Reader;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.CredentialSource;
import dev.millrace.stores.credentials.Credentials;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a pipeline does with events, seen in a store that shows everything. */
class PipelineTest {
  private final Cluster cluster = Cluster.shared();
  private final MemoryStore store = new MemoryStore();
  private final String topic = Cluster.name("events");
  private final EventLog log = new EventLog(cluster.producer(), topic, 2);
  private final TestPlan test = new TestPlan(cluster, topic);
  private Worker worker;

  @BeforeEach
  void startWorker() {
    cluster.createTopic(topic, 2, Map.of());
    worker = worker(Cluster.name("worker"));
  }

  @AfterEach
  void stopWorker() {
    cluster.retract(test.subscription());
    worker.close();
  }

  @Test
  void historyAndLiveEventsGoIn() throws Exception {
    for (int i = 0; i < 1000; i++) {
      log.put(i, "old", i);
    }
    log.delete(7);
    log.flush();
    PipelinePlan plan = run(test.plan());
    Eventually.holds(() -> assertThat(store.rows(plan)).isEqualTo(log.expected(event -> true)));

    log.put(8, "new", 1);
    log.delete(9);
    log.flush();

    Eventually.holds(() -> assertThat(store.rows(plan)).isEqualTo(log.expected(event -> true)));
    Eventually.holds(() -> {
      assertThat(report(0).phase()).isEqualTo("Live");
      assertThat(report(0).position()).isEqualTo(report(0).endOffset());
      assertThat(report(0).flushed()).isEqualTo(report(0).position());
      assertThat(report(0).counts().read()).isEqualTo(report(0).consumed()).isEqualTo(501);
    });
  }

  private PartitionReport report(int partition) {
    return cluster.report(test.subscription(), partition).orElseThrow();
  }

  private PipelinePlan run(PipelinePlan plan) {
    store.provision(SITE, plan, new Reader.Brought("anyone"));
    cluster.publish(plan);
    return plan;
  }

  private Worker worker(String id) {
    return Worker.start(
        WorkerSettings.of(id, cluster.properties()), new Engines(List.of(store)), WRITER);
  }

  private static final Credentials LOGIN = new Credentials("writer", "secret");
  private static final StoreSite SITE =
      new StoreSite(
          new ObjectKey("test", "store"),
          "Memory",
          "nowhere",
          1,
          "m",
          "disable",
          Optional.empty(),
          LOGIN);
  private static final CredentialSource WRITER =
      new CredentialSource() {
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
