package dev.millrace.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.needs.transform.StoreKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a pipeline makes of logs that are not just one event after another. */
class SourceTest {
  private final Cluster cluster = Cluster.shared();
  private final MemoryPool pool = new MemoryPool(cluster);
  private final MemoryStore store = pool.store;
  private final String topic = Cluster.name("source");
  private final EventLog log = new EventLog(cluster.producer(), topic, 1);
  private final TestPlan test = new TestPlan(cluster, topic);

  @AfterEach
  void stopWorkers() {
    pool.close();
  }

  @Test
  void whatWasAbortedIsNotReadAndItsMarkersArePassed() throws Exception {
    cluster.createTopic(topic, 1, Map.of());
    pool.startWorker();
    try (KafkaProducer<byte[], byte[]> transactional = transactional()) {
      EventLog inTransaction = new EventLog(transactional, topic, 1);
      transactional.initTransactions();
      transactional.beginTransaction();
      inTransaction.put(1, "kept", 1);
      transactional.commitTransaction();
      transactional.beginTransaction();
      inTransaction.lost(1, "aborted", 2);
      inTransaction.lost(2, "aborted", 2);
      transactional.flush();
      transactional.abortTransaction();
      // The coordinator answers before it has written the marker.
      Eventually.holds(() -> assertThat(cluster.ends(topic)).containsEntry(0, 5L));

      PipelinePlan plan = pool.run(test.plan());

      Eventually.holds(() -> assertThat(report().phase()).isEqualTo("Live"));
      assertThat(store.rows(plan)).isEqualTo(inTransaction.expected(event -> true));
      assertThat(store.counts(plan)).isEqualTo(new Counts(1, 1, 0, 0, 0));
      assertThat(report().flushed()).as("past the last marker").isEqualTo(5);
    }
  }

  @Test
  void anOpenTransactionShowsAsLag() throws Exception {
    cluster.createTopic(topic, 1, Map.of());
    pool.startWorker();
    try (KafkaProducer<byte[], byte[]> transactional = transactional()) {
      EventLog inTransaction = new EventLog(transactional, topic, 1);
      transactional.initTransactions();
      transactional.beginTransaction();
      inTransaction.put(1, "later", 1);
      transactional.flush();

      PipelinePlan plan = pool.run(test.plan());

      Eventually.holds(() -> assertThat(report().endOffset()).isEqualTo(1));
      assertThat(report().phase()).isEqualTo("Preloading");
      assertThat(store.rows(plan)).isEmpty();
      transactional.commitTransaction();
      Eventually.holds(() -> assertThat(report().phase()).isEqualTo("Live"));
      assertThat(store.rows(plan)).isEqualTo(inTransaction.expected(event -> true));
    }
  }

  @Test
  void gapsThatCompactionLeftArePassed() throws Exception {
    cluster.createTopic(
        topic,
        1,
        Map.of(
            "cleanup.policy", "compact",
            "segment.ms", "100",
            "min.cleanable.dirty.ratio", "0.0"));
    // A segment ends by the times of its events.
    long begun = System.currentTimeMillis() - 60_000;
    for (int round = 0; round < 20; round++) {
      for (int id = 0; id < 5; id++) {
        log.putAt(id, "round" + round, round, begun + round * 10L);
      }
      log.flush();
    }
    // Another segment: the one being written is never compacted.
    log.putAt(99, "last", 1, begun + 10_000);
    log.flush();
    Eventually.holds(
        () -> assertThat(cluster.count(topic, 0)).as("records after compaction").isLessThan(50));
    pool.startWorker();

    PipelinePlan plan = pool.run(test.plan());

    Eventually.holds(() -> assertThat(report().phase()).isEqualTo("Live"));
    assertThat(store.rows(plan)).isEqualTo(log.expected(event -> true));
    assertThat(report().position()).isEqualTo(101);
    assertThat(report().counts().read()).isLessThan(50);
  }

  @Test
  void aDeletionThatWasCompactedAwayBeforeItWasReadIsNotPassedInSilence() throws Exception {
    compacted("0");
    long begun = System.currentTimeMillis() - 3_600_000;
    PipelinePlan plan = applied(begun);
    log.deleteAt(0, begun + 1_000);
    log.putAt(1, "later", 1, begun + 1_000);
    log.flush();
    AtomicLong time = new AtomicLong(begun + 2_000);
    // The segment that is being written is never compacted, and a deletion goes the second time.
    Eventually.holds(() -> {
      log.putAt(99, "last", 1, time.addAndGet(1_000));
      log.flush();
      assertThat(cluster.keys(topic, 0)).doesNotContain("0");
    });

    pool.startWorker();

    Eventually.holds(() -> assertThat(report().reason()).isEqualTo("HistoryCompacted"));
    assertThat(report().phase()).isEqualTo("Stopped");
    assertThat(report().position()).isEqualTo(5);
    assertThat(report().message()).contains("Offsets from 5 of " + topic + " partition 0");
    assertThat(store.rows(plan)).containsKey(new StoreKey(0L));
    long end = cluster.ends(topic).get(0);
    pool.publish(
        plan.losing(
            new PipelinePlan.Loss(
                "token", List.of(), List.of(new PipelinePlan.Thinned(0, 5, end, 1)))));
    Eventually.holds(() -> assertThat(report().position()).isEqualTo(end));
    Map<StoreKey, List<@Nullable Object>> stale = new HashMap<>(log.expected(event -> true));
    stale.put(new StoreKey(0L), List.of(0L, "before", 0));
    assertThat(store.rows(plan)).isEqualTo(stale);
  }

  @Test
  void whoComesBeforeDeletionsGoPassesWhatCompactionLeft() throws Exception {
    compacted("7200000");
    long begun = System.currentTimeMillis() - 3_600_000;
    PipelinePlan plan = applied(begun);
    log.deleteAt(0, begun + 1_000);
    for (int round = 0; round < 20; round++) {
      log.putAt(1, "round" + round, round, begun + 1_000);
    }
    log.flush();
    AtomicLong time = new AtomicLong(begun + 2_000);
    Eventually.holds(() -> {
      log.putAt(99, "last", 1, time.addAndGet(1_000));
      log.flush();
      assertThat(cluster.keys(topic, 0).stream().filter("1"::equals)).hasSize(1);
    });

    pool.startWorker();

    Eventually.holds(() -> assertThat(report().position()).isEqualTo(cluster.ends(topic).get(0)));
    assertThat(store.rows(plan)).isEqualTo(log.expected(event -> true));
    assertThat(report().phase()).isEqualTo("Live");
  }

  @Test
  void whatWasAbortedIsPassedWhereACompactedTopicIsReadLive() throws Exception {
    compacted("0");
    PipelinePlan plan = test.since(Instant.EPOCH).plan();
    log.putAt(1, "an hour ago", 1, System.currentTimeMillis() - 3_600_000);
    log.flush();
    pool.startWorker();
    pool.run(plan);
    Eventually.holds(() -> assertThat(report().position()).isEqualTo(1));
    try (KafkaProducer<byte[], byte[]> transactional = transactional()) {
      transactional.initTransactions();
      transactional.beginTransaction();
      new EventLog(transactional, topic, 1).put(2, "never", 1);
      transactional.flush();
      transactional.abortTransaction();
    }

    Eventually.holds(() -> assertThat(report().position()).isEqualTo(3));
    assertThat(report().phase()).isEqualTo("Live");
    assertThat(store.rows(plan)).isEqualTo(log.expected(event -> true));
  }

  private void compacted(String deletionsKept) {
    cluster.createTopic(
        topic,
        1,
        Map.of(
            "cleanup.policy", "compact",
            "segment.ms", "100",
            "min.cleanable.dirty.ratio", "0.0",
            "delete.retention.ms", deletionsKept));
  }

  /** Five rows, and the worker that wrote them is gone. */
  private PipelinePlan applied(long time) throws Exception {
    for (int id = 0; id < 5; id++) {
      log.putAt(id, "before", id, time + id);
    }
    log.flush();
    Worker worker = pool.startWorker();
    PipelinePlan plan = pool.run(test.since(Instant.EPOCH).plan());
    Eventually.holds(() -> assertThat(report().position()).isEqualTo(5));
    worker.close();
    return plan;
  }

  @Test
  void whatRetentionTookBeforeItWasAppliedIsNamed() throws Exception {
    cluster.createTopic(topic, 1, Map.of());
    for (int i = 0; i < 10; i++) {
      log.put(i, "a", i);
    }
    log.flush();
    PipelinePlan plan = test.plan();
    Cluster.done(
        cluster
            .admin
            .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(4)))
            .all());
    assertThat(cluster.offsets(topic, OffsetSpec.earliest())).containsEntry(0, 4L);
    pool.startWorker();

    pool.run(plan);

    Eventually.holds(() ->
        assertThat("HistoryLost".equals(report().reason()) || !store.rows(plan).isEmpty())
            .isTrue());
    assertThat(store.rows(plan)).isEmpty();
    assertThat(report().phase()).isEqualTo("Stopped");
    assertThat(report().message()).contains("Offsets 0 to 3 of " + topic + " partition 0");
  }

  @Test
  void aLogThatEndsBeforeTheCursorWasCutBack() throws Exception {
    cluster.createTopic(topic, 1, Map.of());
    log.put(1, "a", 1);
    log.flush();
    pool.startWorker();

    pool.run(test.start(Map.of(0, 5L)).plan());

    Eventually.holds(() -> assertThat(report().reason()).isEqualTo("HistoryTruncated"));
    assertThat(report().message()).contains("the log ends at 1");
  }

  @Test
  void anotherTopicOfTheSameNameIsNotRead() throws Exception {
    cluster.createTopic(topic, 1, Map.of());
    log.put(1, "a", 1);
    log.flush();
    pool.startWorker();
    PipelinePlan plan = pool.run(test.plan());
    Eventually.holds(() -> assertThat(store.rows(plan)).hasSize(1));
    cluster.deleteTopic(topic);
    Eventually.holds(() -> assertThat(report().reason()).isEqualTo("TopicMissing"));

    cluster.createTopic(topic, 1, Map.of());
    try (KafkaProducer<byte[], byte[]> producer = cluster.newProducer()) {
      EventLog other = new EventLog(producer, topic, 1);
      other.put(2, "other", 1);
      other.put(3, "other", 1);
      other.flush();
    }

    Eventually.holds(() -> assertThat(report().reason()).isEqualTo("SourceRecreated"));
    assertThat(report().phase()).isEqualTo("Stopped");
    assertThat(store.rows(plan)).hasSize(1);
  }

  @Test
  void partitionsThatWereAddedStopItForKeysMayHaveMoved() throws Exception {
    cluster.createTopic(topic, 1, Map.of());
    log.put(1, "a", 1);
    log.flush();
    pool.startWorker();
    PipelinePlan plan = pool.run(test.plan());
    Eventually.holds(() -> assertThat(store.rows(plan)).hasSize(1));

    Cluster.done(cluster.admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(2))).all());

    Eventually.holds(() -> assertThat(report().reason()).isEqualTo("KeyOrderAtRisk"));
    assertThat(report().phase()).isEqualTo("Stopped");
    assertThat(report().message()).contains("has 2 partitions now, and the plan knows 1");
    log.put(2, "b", 1);
    log.flush();
    Eventually.holds(() -> assertThat(report().endOffset()).isEqualTo(2));
    assertThat(store.rows(plan)).hasSize(1);
  }

  private PartitionReport report() {
    return cluster.report(test.subscription(), 0).orElseThrow();
  }

  private KafkaProducer<byte[], byte[]> transactional() {
    return new KafkaProducer<>(
        cluster.properties(Map.of("transactional.id", topic)),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
