package dev.millrace.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Content and counts stay right whatever store and workers do. */
class FaultsTest {
  private static final int PARTITIONS = 4;

  private final Cluster cluster = Cluster.shared();
  private final MemoryPool pool = new MemoryPool(cluster);
  private final MemoryStore store = pool.store;
  private final String topic = Cluster.name("faults");
  private final EventLog log = new EventLog(cluster.producer(), topic, PARTITIONS);
  private final TestPlan test = new TestPlan(cluster, topic);

  @AfterEach
  void stopWorkers() {
    pool.close();
  }

  /**
   * The store refuses connections, fails before and after a commit (when nobody knows whether it
   * happened), and loses what it had not flushed.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aStoreThatFailsAtRandomEndsExactlyRight(long seed) throws Exception {
    cluster.createTopic(topic, PARTITIONS, Map.of());
    pool.startWorker();
    Random random = new Random(seed);
    AtomicInteger struck = new AtomicInteger();
    store.faults =
        step -> {
          // Each fault costs a pause of some 100 ms, and more when the next attempt fails too.
          if (ThreadLocalRandom.current().nextInt(6) == 0) {
            struck.incrementAndGet();
            throw MemoryStore.unavailable();
          }
        };
    PipelinePlan plan = pool.run(test.filter("event.total >= 50").plan());

    // A slow worker is given the time to meet some of them.
    for (int round = 0; round < 40 || struck.get() < 5; round++) {
      publishSome(random, 100);
      if (round % 10 == 9) {
        store.crash();
      }
      Thread.sleep(random.nextInt(20));
    }
    store.faults = step -> {};

    assertExactlyRight(plan);
  }

  @Test
  void workersThatComeAndGoEndExactlyRight() throws Exception {
    cluster.createTopic(topic, PARTITIONS, Map.of());
    Random random = new Random(5);
    PipelinePlan plan = pool.run(test.filter("event.total >= 50").plan());
    Worker first = pool.startWorker();
    for (int round = 0; round < 6; round++) {
      publishSome(random, 500);
      Worker second = pool.startWorker();
      publishSome(random, 500);
      Thread.sleep(random.nextInt(400));
      first.close();
      first = second;
    }

    assertExactlyRight(plan);
  }

  @Test
  void twoWorkersShareThePartitions() throws Exception {
    cluster.createTopic(topic, PARTITIONS, Map.of());
    pool.startWorker();
    pool.startWorker();
    PipelinePlan plan = pool.run(test.plan());

    Eventually.holds(() -> {
      Set<String> workers = new HashSet<>();
      for (int partition = 0; partition < PARTITIONS; partition++) {
        workers.add(cluster.report(test.subscription(), partition).orElseThrow().worker());
      }
      assertThat(workers).hasSize(2);
    });
    publishSome(new Random(7), 1000);
    assertThat(plan.start()).hasSize(PARTITIONS);
    Eventually.holds(() -> assertThat(store.rows(plan)).isEqualTo(log.expected(event -> true)));
  }

  private void publishSome(Random random, int events) {
    for (int i = 0; i < events; i++) {
      long id = random.nextInt(300);
      switch (random.nextInt(10)) {
        case 0 -> log.delete(id);
        case 1 -> log.broken(id);
        default -> log.put(id, "v" + random.nextInt(), random.nextInt(100));
      }
    }
    log.flush();
  }

  private void assertExactlyRight(PipelinePlan plan) throws Exception {
    Eventually.holds(() -> assertThat(store.positions(plan)).isEqualTo(cluster.ends(topic)));
    assertThat(store.rows(plan)).isEqualTo(log.expected(event -> event.total() >= 50));
    Counts counts = store.counts(plan);
    assertThat(counts.read()).isEqualTo(log.published());
    assertThat(counts.applied() + counts.filtered() + counts.deadLettered())
        .isEqualTo(log.published());
    assertThat(store.deadLetters(plan))
        .hasSize((int) counts.deadLettered())
        .doesNotHaveDuplicates();
  }
}
