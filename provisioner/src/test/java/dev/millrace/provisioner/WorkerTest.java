package dev.millrace.provisioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.embedded.Ports;
import dev.millrace.stores.Engines;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A worker ends in time, whatever it is doing. */
class WorkerTest {
  /**
   * Five seconds are promised where there is a processor to run on. A busy machine may take longer,
   * but not as long as Kafka's clients wait by themselves for what does not answer, which is 30 s.
   */
  private static final Duration IN_TIME = Duration.ofSeconds(25);

  private final Cluster cluster = Cluster.shared();

  @Test
  void itStopsWhileItStartsAndLeavesNoThread() throws Exception {
    try (MemoryPool pool = new MemoryPool(cluster)) {
      assertStopsInTime(pool.startWorker());
    }
    Eventually.holds(() -> assertThat(workerThreads()).isEmpty());
  }

  @Test
  void itStopsWithoutACluster() {
    Worker worker =
        Worker.start(
            WorkerSettings.of("lonely", Map.of("bootstrap.servers", "127.0.0.1:" + Ports.free())),
            new Engines(List.of()),
            MemoryPool.anyLogin());

    assertStopsInTime(worker);
  }

  @Test
  void itStopsWhileAStoreHangs() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    String topic = Cluster.name("hanging");
    cluster.createTopic(topic, 1, Map.of());
    try (MemoryPool pool = new MemoryPool(cluster)) {
      EventLog log = new EventLog(cluster.producer(), topic, 1);
      TestPlan test = new TestPlan(cluster, topic);
      Worker worker = pool.startWorker();
      pool.store.hang(pool.run(test.plan()), hanging);
      log.put(1, "a", 1);
      log.flush();
      Eventually.holds(() -> assertThat(pool.store.waiting).isPositive());

      assertStopsInTime(worker);
    } finally {
      hanging.countDown();
    }
  }

  @Test
  void settingsSayWhatIsMissing() {
    assertThatThrownBy(() -> WorkerSettings.of("w", Map.of()))
        .hasMessageContaining("bootstrap.servers");
    assertThatThrownBy(() -> WorkerSettings.of(" ", cluster.properties()))
        .hasMessageContaining("worker");
    assertThat(WorkerSettings.of("w", cluster.properties()).toString()).doesNotContain("password");
  }

  private static void assertStopsInTime(Worker worker) {
    long began = System.nanoTime();
    worker.close();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(IN_TIME);
  }

  private static Set<String> workerThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("worker-") || name.startsWith("read-"))
        .collect(Collectors.toSet());
  }
}
