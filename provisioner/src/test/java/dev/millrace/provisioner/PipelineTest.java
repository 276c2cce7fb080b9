package dev.millrace.provisioner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.correction.Correction;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.plan.PipelinePlan.ErrorPolicy;
import dev.millrace.api.status.Counts;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.needs.transform.StoreKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a pipeline does with events and plans, seen in a store that shows everything. */
class PipelineTest {
  private static final ErrorPolicy SKIP = new ErrorPolicy("Skip", null, null);

  private final Cluster cluster = Cluster.shared();
  private final MemoryPool pool = new MemoryPool(cluster);
  private final MemoryStore store = pool.store;
  private final String topic = Cluster.name("events");
  private final EventLog log = new EventLog(cluster.producer(), topic, 1);
  private final TestPlan test = new TestPlan(cluster, topic);

  @BeforeEach
  void startWorker() {
    cluster.createTopic(topic, 1, Map.of());
    pool.startWorker();
  }

  @AfterEach
  void stopWorker() {
    pool.close();
  }

  @Test
  void historyGoesInFirstAndThenWhatComes() throws Exception {
    for (int i = 0; i < 1000; i++) {
      log.put(i, "old", i);
    }
    log.delete(7);
    log.flush();
    PipelinePlan plan = pool.run(test.plan());
    Eventually.holds(() -> assertThat(store.rows(plan)).isEqualTo(log.expected(event -> true)));

    log.put(8, "new", 1);
    log.delete(9);
    log.flush();

    Eventually.holds(() -> assertThat(store.rows(plan)).isEqualTo(log.expected(event -> true)));
    Eventually.holds(() -> {
      assertThat(report().phase()).isEqualTo("Live");
      assertThat(report().position()).isEqualTo(report().endOffset()).isEqualTo(1003);
      assertThat(report().flushed()).isEqualTo(1003);
      assertThat(report().counts().read()).isEqualTo(report().consumed()).isEqualTo(1003);
      assertThat(report().lastEventTime()).isNotNull();
    });
  }

  @Test
  void aRowLeavesWithTheEventThatNoLongerMatches() throws Exception {
    for (int i = 0; i < 100; i++) {
      log.put(i, "a", i);
    }
    log.flush();
    PipelinePlan plan = pool.run(test.filter("event.total >= 50").plan());
    Eventually.holds(() -> assertThat(counts(plan).read()).isEqualTo(100));

    log.put(60, "a", 1);
    log.put(10, "a", 99);
    log.flush();

    Eventually.holds(() -> assertThat(counts(plan).read()).isEqualTo(102));
    assertThat(store.rows(plan)).isEqualTo(log.expected(event -> event.total() >= 50));
    assertThat(counts(plan)).isEqualTo(new Counts(102, 51, 51, 0, 0));
    assertThat(store.leaves).as("deletes of keys that never were there").isEqualTo(1);
  }

  @Test
  void aBrokenEventIsKeptAsADeadLetterWithItsPosition() throws Exception {
    log.put(1, "a", 1);
    log.broken(2);
    log.put(3, "a", 1);
    log.flush();

    PipelinePlan plan = pool.run(test.plan());

    Eventually.holds(() -> assertThat(counts(plan)).isEqualTo(new Counts(3, 2, 0, 1, 0)));
    assertThat(store.deadLetters(plan)).containsExactly("0/1 NotJson");
  }

  @Test
  void aBrokenEventIsCountedAndLeftOutWhenSkipping() throws Exception {
    log.put(1, "a", 1);
    log.broken(2);
    log.flush();

    PipelinePlan plan = pool.run(test.onError("Skip", null, null).plan());

    Eventually.holds(() -> assertThat(counts(plan)).isEqualTo(new Counts(2, 1, 0, 0, 1)));
    assertThat(store.deadLetters(plan)).isEmpty();
  }

  @Test
  void haltStandsBeforeTheBrokenEventUntilThePlanChanges() throws Exception {
    log.put(1, "a", 1);
    log.broken(2);
    log.put(3, "a", 1);
    log.flush();
    PipelinePlan plan = pool.run(test.onError("Halt", null, null).plan());
    Eventually.holds(() -> assertThat(report().phase()).isEqualTo("Stopped"));

    assertThat(report().reason()).isEqualTo("NotJson");
    assertThat(report().message()).contains("partition 0 at offset 1").contains("onError");
    assertThat(report().position()).isEqualTo(1);
    assertThat(counts(plan)).isEqualTo(new Counts(1, 1, 0, 0, 0));

    pool.publish(TestPlan.changed(plan, "Running", SKIP));

    Eventually.holds(() -> assertThat(counts(plan)).isEqualTo(new Counts(3, 2, 0, 0, 1)));
    Eventually.holds(() -> assertThat(report().reason()).isNull());
  }

  @Test
  void tooManyDeadLettersStopThePipelineBeforeTheNextOne() throws Exception {
    for (int i = 0; i < 5; i++) {
      log.put(i, "a", 1);
      log.broken(100 + i);
    }
    log.flush();
    PipelinePlan plan = pool.run(test.onError("DeadLetter", 3L, null).plan());

    Eventually.holds(() -> assertThat(report().reason()).isEqualTo("TooManyDeadLetters"));

    assertThat(report().phase()).isEqualTo("Stopped");
    assertThat(counts(plan)).isEqualTo(new Counts(7, 4, 0, 3, 0));
  }

  @Test
  void aCorrectedEventTakesEffectWhereItStandsAndNotOverWhatCameLater() throws Exception {
    log.broken(1);
    log.broken(2);
    log.put(2, "later", 1);
    log.broken(3);
    log.broken(4);
    log.delete(4);
    log.flush();
    PipelinePlan plan = pool.run(test.plan());
    Eventually.holds(() -> assertThat(counts(plan)).isEqualTo(new Counts(6, 2, 0, 4, 0)));

    correct(plan, 0, Correction.REDRIVE, "{\"id\":1,\"name\":\"right\",\"total\":7}", null);
    correct(plan, 1, Correction.REDRIVE, "{\"id\":2,\"name\":\"earlier\",\"total\":7}", null);
    correct(plan, 3, Correction.DISCARD, null, null);
    correct(plan, 4, Correction.REDRIVE, "{\"id\":4,\"name\":\"gone\",\"total\":7}", null);

    Eventually.holds(() -> assertThat(counts(plan)).isEqualTo(new Counts(6, 5, 0, 0, 1)));
    assertThat(store.deadLetters(plan)).isEmpty();
    assertThat(store.rows(plan).values())
        .containsExactlyInAnyOrder(List.of(1L, "right", 7), List.of(2L, "later", 1));
    log.put(1, "last", 2);
    log.flush();
    Eventually.holds(() ->
        assertThat(store.rows(plan).values())
            .containsExactlyInAnyOrder(List.of(1L, "last", 2), List.of(2L, "later", 1)));
    Eventually.holds(() -> assertThat(report().counts()).isEqualTo(counts(plan)));
  }

  @Test
  void aRowThatARedriveMadeLeavesWithTheNextEventOfItsKey() throws Exception {
    log.broken(1);
    log.flush();
    PipelinePlan plan = pool.run(test.filter("event.total >= 50").plan());
    Eventually.holds(() -> assertThat(counts(plan)).isEqualTo(new Counts(1, 0, 0, 1, 0)));
    correct(plan, 0, Correction.REDRIVE, "{\"id\":1,\"name\":\"a\",\"total\":60}", null);
    Eventually.holds(() -> assertThat(store.rows(plan)).hasSize(1));

    log.put(1, "a", 7);
    log.flush();

    Eventually.holds(() -> assertThat(counts(plan)).isEqualTo(new Counts(2, 1, 1, 0, 0)));
    assertThat(store.rows(plan)).isEmpty();
  }

  @Test
  void whatIsStillWrongAfterItWasCorrectedStaysWithItsNewReason() throws Exception {
    log.broken(1);
    log.flush();
    PipelinePlan plan = pool.run(test.plan());
    Eventually.holds(() -> assertThat(store.deadLetters(plan)).containsExactly("0/0 NotJson"));

    correct(plan, 0, Correction.REDRIVE, "{\"id\":1,\"total\":\"many\"}", null);
    Eventually.holds(() -> assertThat(store.deadLetters(plan)).containsExactly("0/0 WrongType"));
    assertThat(counts(plan)).isEqualTo(new Counts(1, 0, 0, 1, 0));
    correct(plan, 0, Correction.REDRIVE, "{\"id\":1,\"total\":1}", "2");
    Eventually.holds(
        () -> assertThat(store.deadLetters(plan)).containsExactly("0/0 KeyNotEditable"));

    correct(plan, 0, Correction.REDRIVE, "{\"id\":1,\"total\":1}", null);
    Eventually.holds(() -> assertThat(counts(plan)).isEqualTo(new Counts(1, 1, 0, 0, 0)));
    // The first that was right counts, whatever comes after it.
    correct(plan, 0, Correction.DISCARD, null, null);
    log.put(3, "more", 1);
    log.flush();
    Eventually.holds(() -> assertThat(counts(plan)).isEqualTo(new Counts(2, 2, 0, 0, 0)));
  }

  @Test
  void aKeyThatIsNoneMayBeCorrectedWhereItsOtherEventsStand() throws Exception {
    String two = Cluster.name("two");
    cluster.createTopic(two, 2, Map.of());
    long here = BrokenEvents.anotherId(1, 2);
    long elsewhere = BrokenEvents.anotherId(0, 2);
    for (int i = 0; i < 2; i++) {
      cluster.producer().send(new ProducerRecord<>(two, 1, null, "{}".getBytes(UTF_8))).get();
    }
    PipelinePlan plan = pool.run(new TestPlan(cluster, two).plan());
    Eventually.holds(() -> assertThat(counts(plan)).isEqualTo(new Counts(2, 0, 0, 2, 0)));

    correct(plan, 1, 0, Correction.REDRIVE, "{\"id\":" + here + "}", Long.toString(here));
    correct(plan, 1, 1, Correction.REDRIVE, "{\"id\":" + elsewhere + "}", Long.toString(elsewhere));

    Eventually.holds(() -> assertThat(store.deadLetters(plan)).containsExactly("1/1 KeyElsewhere"));
    Eventually.holds(() -> assertThat(counts(plan)).isEqualTo(new Counts(2, 1, 0, 1, 0)));
    assertThat(store.rows(plan)).containsOnlyKeys(new StoreKey(here));
  }

  @Test
  void aPipelineThatStoodForTooManyDeadLettersGoesOnWhenTheyAreCorrected() throws Exception {
    for (int i = 0; i < 5; i++) {
      log.broken(i);
    }
    log.flush();
    PipelinePlan plan = pool.run(test.onError("DeadLetter", 3L, null).plan());
    Eventually.holds(() -> assertThat(report().reason()).isEqualTo("TooManyDeadLetters"));

    for (int i = 0; i < 3; i++) {
      correct(plan, i, Correction.REDRIVE, "{\"id\":" + i + "}", null);
    }

    Eventually.holds(() -> assertThat(counts(plan)).isEqualTo(new Counts(5, 3, 0, 2, 0)));
    Eventually.holds(() -> assertThat(report().reason()).isNull());
  }

  @Test
  void aPipelineThatHaltsBeforeAnEventGoesOnWhenThatIsCorrected() throws Exception {
    log.broken(1);
    log.put(2, "a", 1);
    log.broken(3);
    log.flush();
    PipelinePlan plan = pool.run(test.onError("Halt", null, null).plan());
    Eventually.holds(() -> assertThat(report().reason()).isEqualTo("NotJson"));

    correct(plan, 0, Correction.REDRIVE, "{\"id\":1}", null);
    Eventually.holds(() -> assertThat(report().message()).contains("offset 2"));
    correct(plan, 2, Correction.DISCARD, null, null);

    Eventually.holds(() -> assertThat(counts(plan)).isEqualTo(new Counts(3, 2, 0, 0, 1)));
  }

  @Test
  void whatHasLeftTheLogCanOnlyBeDiscarded() throws Exception {
    log.broken(1);
    log.broken(2);
    log.put(3, "a", 1);
    log.flush();
    PipelinePlan plan = pool.run(test.plan());
    Eventually.holds(() -> assertThat(counts(plan)).isEqualTo(new Counts(3, 1, 0, 2, 0)));
    Cluster.done(
        cluster
            .admin
            .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(2)))
            .all());

    correct(plan, 0, Correction.REDRIVE, "{\"id\":1}", null);
    correct(plan, 1, Correction.DISCARD, null, null);

    Eventually.holds(
        () -> assertThat(store.deadLetters(plan)).containsExactly("0/0 RedriveTooLate"));
    Eventually.holds(() -> assertThat(counts(plan)).isEqualTo(new Counts(3, 1, 0, 1, 1)));
  }

  private void correct(
      PipelinePlan plan,
      long offset,
      String action,
      @Nullable String payload,
      @Nullable String key) {
    correct(plan, 0, offset, action, payload, key);
  }

  private void correct(
      PipelinePlan plan,
      int partition,
      long offset,
      String action,
      @Nullable String payload,
      @Nullable String key) {
    cluster.correct(
        new Correction(
            UUID.randomUUID().toString(),
            plan.subscription(),
            plan.uid(),
            partition,
            offset,
            action,
            payload,
            key,
            "ann",
            Instant.EPOCH));
  }

  @Test
  void deadLettersOfBeforeARestartCount() throws Exception {
    log.broken(1);
    log.broken(2);
    log.flush();
    PipelinePlan plan = pool.run(test.onError("DeadLetter", 3L, null).plan());
    Eventually.holds(() -> assertThat(counts(plan)).isEqualTo(new Counts(2, 0, 0, 2, 0)));
    pool.publish(TestPlan.changed(plan, "Paused", plan.onError()));
    Eventually.holds(() -> assertThat(report().phase()).isEqualTo("Paused"));
    log.broken(3);
    log.broken(4);
    log.flush();

    pool.publish(plan);

    Eventually.holds(
        () -> assertThat(counts(plan).read() == 4 || "Stopped".equals(report().phase())).isTrue());
    assertThat(counts(plan)).isEqualTo(new Counts(3, 0, 0, 3, 0));
    assertThat(report().reason()).isEqualTo("TooManyDeadLetters");
  }

  @Test
  void aShareOfDeadLettersSaysNothingBeforeAThousandEvents() throws Exception {
    for (int i = 0; i < 100; i++) {
      log.broken(i);
    }
    for (int i = 0; i < 1000; i++) {
      log.put(i, "a", 1);
    }
    log.broken(7);
    log.flush();
    PipelinePlan plan = pool.run(test.onError("DeadLetter", null, 0.05).plan());

    Eventually.holds(() -> assertThat(report().reason()).isEqualTo("TooManyDeadLetters"));

    assertThat(counts(plan)).isEqualTo(new Counts(1100, 1000, 0, 100, 0));
  }

  @Test
  void aPausedPipelineStandsStillAndGoesOnWhereItWas() throws Exception {
    log.put(1, "a", 1);
    log.flush();
    PipelinePlan plan = pool.run(test.plan());
    Eventually.holds(() -> assertThat(counts(plan).read()).isEqualTo(1));
    pool.publish(TestPlan.changed(plan, "Paused", plan.onError()));
    Eventually.holds(() -> assertThat(report().phase()).isEqualTo("Paused"));

    log.put(2, "a", 1);
    log.flush();

    Eventually.holds(() -> assertThat(report().endOffset()).isEqualTo(2));
    assertThat(report().position()).isEqualTo(1);
    pool.publish(plan);
    Eventually.holds(() -> assertThat(store.rows(plan)).hasSize(2));
    Eventually.holds(() -> assertThat(report().phase()).isEqualTo("Live"));
  }

  @Test
  void aPlanThatThisWorkerDoesNotUnderstandIsRefusedWithTheReason() throws Exception {
    pool.run(test.requires("teleport").plan());

    Eventually.holds(() -> assertThat(report().reason()).isEqualTo("PlanRejected"));
    assertThat(report().phase()).isEqualTo("Stopped");
    assertThat(report().message()).contains("teleport");
  }

  @Test
  void reportsGoWithTheirPlan() throws Exception {
    pool.run(test.plan());
    Eventually.holds(() -> assertThat(report().phase()).isEqualTo("Live"));

    cluster.retract(test.subscription());

    Eventually.holds(() -> assertThat(cluster.report(test.subscription(), 0)).isEmpty());
  }

  @Test
  void aStoreThatIsAwayIsTriedUntilItIsBack() throws Exception {
    store.faults =
        step -> {
          throw MemoryStore.unavailable();
        };
    log.put(1, "a", 1);
    log.flush();
    PipelinePlan plan = pool.run(test.plan());
    Eventually.holds(() -> assertThat(report().phase()).isEqualTo("Retrying"));
    assertThat(report().reason()).isEqualTo("StoreUnavailable");
    assertThat(report().message()).contains("the store is away").contains("Bring it back");

    store.faults = step -> {};

    Eventually.holds(() -> assertThat(store.rows(plan)).hasSize(1));
    Eventually.holds(() -> assertThat(report().reason()).isNull());
  }

  @Test
  void aStoreThatHangsKeepsNobodyElseFromTheirs() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    log.put(1, "a", 1);
    log.flush();
    PipelinePlan stuck = pool.run(test.plan());
    Eventually.holds(() -> assertThat(store.rows(stuck)).hasSize(1));
    store.hang(stuck, hanging);
    log.put(2, "a", 1);
    log.flush();

    PipelinePlan free = pool.run(new TestPlan(cluster, topic).plan());

    Eventually.holds(() -> assertThat(store.rows(free)).hasSize(2));
    assertThat(store.rows(stuck)).hasSize(1);
    hanging.countDown();
    Eventually.holds(() -> assertThat(store.rows(stuck)).hasSize(2));
  }

  @Test
  void batchesGrowUnderLoad() throws Exception {
    PipelinePlan plan = pool.run(test.plan());
    AtomicInteger held = new AtomicInteger();

    // How much is read during one write the machine decides; so writes take longer and longer.
    Eventually.holds(() -> {
      writeWhileHeldFor(held.addAndGet(200), plan);
      assertThat(store.largestBatch).isGreaterThan(4_000);
    });

    assertThat(store.largestBatch).isLessThanOrEqualTo(20_000);
  }

  private void writeWhileHeldFor(int millis, PipelinePlan plan) throws Exception {
    CountDownLatch write = new CountDownLatch(1);
    int before = store.waiting;
    store.hang(plan, write);
    for (int i = 0; i < 30_000; i++) {
      log.put(i, "a", i);
    }
    log.flush();
    Eventually.holds(() -> assertThat(store.waiting).isGreaterThan(before));
    Thread.sleep(millis);
    write.countDown();
    Eventually.holds(() -> assertThat(counts(plan).read()).isEqualTo(log.published()));
  }

  @Test
  void appendKeepsEveryEvent() throws Exception {
    log.put(1, "a", 1);
    log.put(1, "b", 2);
    log.delete(1);
    log.flush();

    PipelinePlan plan = pool.run(test.append().plan());

    Eventually.holds(() -> assertThat(store.rows(plan)).hasSize(3));
    assertThat(counts(plan)).isEqualTo(new Counts(3, 3, 0, 0, 0));
  }

  @Test
  void aLostStoreStopsThePipelineAndIsNotBegunAnew() throws Exception {
    log.put(1, "a", 1);
    log.flush();
    PipelinePlan plan = test.plan();
    store.provision(plan);
    store.forgetCursors(plan);

    pool.publish(plan);

    Eventually.holds(() -> assertThat(report().reason()).isEqualTo("StoreLost"));
    assertThat(report().phase()).isEqualTo("Stopped");
    assertThat(store.rows(plan)).isEmpty();
  }

  private Counts counts(PipelinePlan plan) {
    return store.counts(plan);
  }

  private PartitionReport report() {
    return cluster.report(test.subscription(), 0).orElseThrow();
  }
}
