package dev.millrace.provisioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.api.ask.Verification;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.provisioner.correction.Corrections;
import dev.millrace.provisioner.shell.Target;
import dev.millrace.provisioner.source.Clients;
import dev.millrace.provisioner.source.SourceWatch;
import dev.millrace.provisioner.verify.Verifier;
import dev.millrace.stores.Engines;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.credentials.CredentialSource;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A store that is what its stream says is told from one that is not, on each engine's server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class VerifyContract {
  private static final int PARTITIONS = 4;
  private static final int MANY = 100_000;

  final Cluster cluster = Cluster.shared();
  final EngineServer server;
  private final Clients clients = new Clients(cluster.properties());
  private final SourceWatch source = new SourceWatch(clients, () -> {});
  EnginePool pool;
  String topic;
  TestPlan test;

  VerifyContract(EngineServer server) {
    this.server = server;
  }

  @BeforeAll
  void prepareStore() throws Exception {
    server.driver().prepare(server.site());
  }

  @AfterAll
  void stopServer() {
    source.close();
    server.close();
  }

  @BeforeEach
  void createTopic() {
    pool = new EnginePool(cluster, server);
    topic = Cluster.name("verified");
    cluster.createTopic(topic, PARTITIONS, Map.of());
    test = new TestPlan(cluster, topic);
    test.target(server.target(test.subscription().name()));
  }

  @AfterEach
  void stopWorkers() throws Exception {
    pool.close();
  }

  @Test
  void aSingleRowAmongManyIsFound() throws Exception {
    EventLog log = log();
    for (long id = 0; id < MANY; id++) {
      log.put(id, "v" + id, (int) id % 100);
    }
    log.flush();
    PipelinePlan plan = loaded(test.plan(), MANY);

    Verification equal = verify(plan);
    assertThat(equal.outcome()).as(equal.toString()).isEqualTo("Equal");
    assertThat(equal.equal()).isEqualTo(MANY);
    assertThat(equal.rows()).isEqualTo(MANY);
    assertThat(equal.events()).isEqualTo(MANY);
    assertThat(equal.upTo()).isEqualTo(cluster.ends(topic));

    server.put(plan, 4711, "v4711", 12);
    assertFound(verify(plan), "changed", "4711");

    server.put(plan, 4711, "v4711", 11);
    server.delete(plan, 99_999);
    assertFound(verify(plan), "missing", "99999");

    server.put(plan, 99_999, "v99999", 99);
    server.put(plan, MANY, "stranger", 1);
    assertFound(verify(plan), "additional", "100000");

    server.delete(plan, MANY);
    assertThat(verify(plan).outcome()).isEqualTo("Equal");
  }

  /** So little memory that the keys take several rounds, each over a part of them. */
  @Test
  void aStoreLargerThanTheMemoryIsComparedToo() throws Exception {
    EventLog log = log();
    for (long id = 0; id < 50_000; id++) {
      log.put(id, "v" + id, 1);
    }
    log.flush();
    PipelinePlan plan = loaded(test.plan(), 50_000);
    server.put(plan, 1, "changed", 1);
    server.delete(plan, 2);
    server.put(plan, -3, "additional", 1);

    Verification found = verify(plan, 1 << 20, () -> true);

    assertThat(found.events()).as("read more than once").isGreaterThan(100_000);
    assertThat(found.outcome()).isEqualTo("Differs");
    assertThat(found.equal()).isEqualTo(49_998);
    assertThat(found.changed().count()).isEqualTo(1);
    assertThat(found.missing().count()).isEqualTo(1);
    assertThat(found.additional().count()).isEqualTo(1);
    assertThat(verify(plan).equal()).isEqualTo(49_998);
  }

  @Test
  void itIsEqualWhileItIsBeingFed() throws Exception {
    RandomEvents events = new RandomEvents(cluster.producer(), topic, PARTITIONS, 20_000, 5);
    events.publish(60_000);
    PipelinePlan plan = loaded(test.filter(RandomEvents.FILTER).plan(), 60_000);
    long before = server.read(plan);
    List<Verification> found = new ArrayList<>();
    try (Feeding feeding = new Feeding(events)) {
      while (found.size() < 4 || server.read(plan) < before + 5_000) {
        found.add(verify(plan, Verifier.BUDGET_BYTES, feeding::goesOn));
      }
    }

    assertThat(found)
        .allSatisfy(each -> assertThat(each.outcome()).as(each.toString()).isEqualTo("Equal"))
        .allSatisfy(each -> assertThat(each.equal()).isGreaterThan(1_000));
  }

  @Test
  void aDifferenceIsFoundWhileItIsBeingFed() throws Exception {
    RandomEvents events = new RandomEvents(cluster.producer(), topic, PARTITIONS, 20_000, 6);
    events.publish(60_000);
    PipelinePlan plan = loaded(test.filter(RandomEvents.FILTER).plan(), 60_000);
    server.put(plan, 1_000_000, "stranger", 60);
    long before = server.read(plan);
    try (Feeding feeding = new Feeding(events)) {
      do {
        assertFound(verify(plan, Verifier.BUDGET_BYTES, feeding::goesOn), "additional", "1000000");
      } while (server.read(plan) == before);
    }
  }

  /**
   * Publishes in a thread of its own, at the pace of who compares. At its own it may be faster than
   * a comparison beside it gets on, where processors are few and busy: that would follow the
   * cursors for ever.
   */
  private static final class Feeding implements AutoCloseable {
    private static final int AT_ONCE = 200;
    private static final int MOST_WAITING = 10;

    private final Semaphore due = new Semaphore(0);
    private final CompletableFuture<Void> thread;
    private volatile boolean closing;

    Feeding(RandomEvents events) {
      thread =
          CompletableFuture.runAsync(
              () -> feed(events), each -> Thread.ofPlatform().daemon().start(each));
    }

    private void feed(RandomEvents events) {
      while (!closing) {
        due.acquireUninterruptibly();
        events.publish(AT_ONCE);
      }
    }

    /** Asked by who compares, now and then. */
    boolean goesOn() {
      assertThat(thread).isNotDone();
      if (due.availablePermits() < MOST_WAITING) {
        due.release();
      }
      return true;
    }

    @Override
    public void close() {
      closing = true;
      due.release();
      thread.join();
    }
  }

  @Test
  void deadLettersFilteredEventsAndDeletionsAreNoRows() throws Exception {
    EventLog log = log();
    for (long id = 0; id < 100; id++) {
      log.put(id, "first", 60);
      if (id % 4 == 0) {
        log.delete(id);
      } else if (id % 4 == 1) {
        log.put(id, "left the filter", 10);
      } else if (id % 4 == 2) {
        log.broken(id);
      }
    }
    log.broken(1_000);
    log.put(1_001, "never matched", 1);
    log.flush();

    Verification found = verify(loaded(test.filter(RandomEvents.FILTER).plan(), log.published()));

    assertThat(found.outcome()).as(found.toString()).isEqualTo("Equal");
    assertThat(found.equal()).isEqualTo(50);
  }

  @Test
  void nothingIsProvenWhereRetentionHasTakenTheProof() throws Exception {
    EventLog log = log();
    for (long id = 0; id < 1_000; id++) {
      log.put(id, "old", 1);
    }
    for (long id = 0; id < 100; id++) {
      log.put(id, "new", 2);
      log.delete(900 + id);
    }
    log.flush();
    PipelinePlan plan = loaded(test.plan(), log.published());
    assertThat(verify(plan).outcome()).isEqualTo("Equal");
    deleteRecords(0, 250);

    Verification unproven = verify(plan);

    assertThat(unproven.outcome()).as(unproven.toString()).isEqualTo("Unprovable");
    assertThat(unproven.reasons())
        .extracting(Verification.Reason::code)
        .containsOnly("HistoryLost");
    assertThat(unproven.reasons().get(0).message()).contains("Partition 0", "offset 250");
    assertThat(unproven.equal()).as("what can still be compared").isEqualTo(25 + 3 * 225);
    assertThat(unproven.undecided().count()).isEqualTo(200);
    assertThat(unproven.undecided().examples()).hasSize(20);

    server.put(plan, 4, "changed", 2);
    server.put(plan, 904, "deleted once", 1);
    server.delete(plan, 8);
    Verification differs = verify(plan);
    assertThat(differs.outcome()).as("what is still known tells").isEqualTo("Differs");
    assertThat(differs.changed().count()).isEqualTo(1);
    assertThat(differs.additional().count()).isEqualTo(1);
    assertThat(differs.missing().count()).isEqualTo(1);
    assertThat(differs.undecided().count()).isEqualTo(200);
  }

  @Test
  void whatWasLostBeforeTheFirstRowIsNotMissedInTheProof() throws Exception {
    EventLog log = log();
    for (long id = 0; id < 100; id++) {
      if (id % PARTITIONS == 0 && id < 10 * PARTITIONS) {
        log.lost(id, "lost", 1);
      } else {
        log.put(id, "there", 1);
      }
    }
    log.flush();
    PipelinePlan plan = test.plan();
    deleteRecords(0, 10);
    PipelinePlan.Loss loss =
        new PipelinePlan.Loss("token", List.of(new PipelinePlan.Gap(0, 0, 10)));

    Verification found = verify(loaded(plan.losing(loss), log.published()));

    assertThat(found.outcome()).as(found.toString()).isEqualTo("Equal");
    assertThat(found.equal()).isEqualTo(90);
  }

  @Test
  void aTopicMadeAnewProvesNothing() throws Exception {
    EventLog log = log();
    log.put(1, "a", 1);
    log.flush();
    PipelinePlan plan = loaded(test.plan(), 1);
    cluster.deleteTopic(topic);
    Eventually.holds(() -> assertUnprovable(plan, "TopicMissing"));

    cluster.create(new NewTopic(topic, PARTITIONS, (short) 1));

    Eventually.holds(() -> assertUnprovable(plan, "SourceRecreated"));
  }

  void assertUnprovable(PipelinePlan plan, String code) throws Exception {
    Verification found = verify(plan);
    assertThat(found.outcome()).isEqualTo("Unprovable");
    assertThat(found.reasons()).extracting(Verification.Reason::code).containsExactly(code);
  }

  @Test
  void hashedValuesAreComparedByTheSameKey() throws Exception {
    EventLog log = log();
    log.put(1, "ann", 1);
    log.put(2, "bob", 1);
    log.flush();
    PipelinePlan plan = loaded(test.hashedBy(TestPlan.HASH_KEY).plan(), 2);
    assertThat(verify(plan).outcome()).isEqualTo("Equal");

    server.put(plan, 2, "bob", 1);

    assertFound(verify(plan), "changed", "2");
    assertThatExceptionOfType(StoreProblem.class)
        .isThrownBy(() -> verify(test.hashedBy("nowhere").plan()))
        .satisfies(problem -> assertThat(problem.code()).isEqualTo("HashKeyMissing"));
  }

  @Test
  void aStoreAtAnotherDefinitionIsNotJudgedByThisOne() throws Exception {
    EventLog log = log();
    log.put(1, "a", 1);
    log.flush();
    PipelinePlan plan = loaded(test.plan(), 1);
    PipelinePlan next = pool.provision(TestPlan.next(plan));

    assertUnprovable(plan, "DefinitionDiffers");
    assertThat(verify(next).outcome()).isEqualTo("Equal");
  }

  @Test
  void aKeyInTwoPartitionsIsNotCalledADifference() throws Exception {
    send(0, "7", "{\"id\":7,\"name\":\"zero\",\"total\":1}");
    send(1, "7", "{\"id\":7,\"name\":\"one\",\"total\":1}");
    send(1, "8", "{\"id\":8,\"name\":\"eight\",\"total\":1}");

    Verification found = verify(loaded(test.plan(), 3));

    assertThat(found.outcome()).isEqualTo("Unprovable");
    assertThat(found.reasons())
        .extracting(Verification.Reason::code)
        .containsExactly("KeyOrderAtRisk");
    assertThat(found.equal()).isEqualTo(1);
    assertThat(found.undecided().count()).isEqualTo(1);
  }

  EventLog log() {
    return new EventLog(cluster.producer(), topic, PARTITIONS);
  }

  /** Started, and all published events are in the store. */
  PipelinePlan loaded(PipelinePlan wanted, long events) throws Exception {
    pool.startWorker();
    PipelinePlan plan = pool.run(wanted);
    Eventually.holds(() -> assertThat(server.read(plan)).isEqualTo(events));
    return plan;
  }

  Verification verify(PipelinePlan plan) throws Exception {
    return verify(plan, Verifier.BUDGET_BYTES, () -> true);
  }

  private Verification verify(PipelinePlan plan, long budgetBytes, BooleanSupplier wanted)
      throws Exception {
    CredentialSource login = EnginePool.only(server.site().writer());
    return new Verifier(
            clients, source, login, any -> Corrections.NONE, budgetBytes, Clock.systemUTC())
        .verify(
            Target.of(plan, new Engines(List.of(server.driver())), login),
            wanted,
            soFar -> assertThat(soFar.outcome()).isNull());
  }

  private void deleteRecords(int partition, long before) {
    Cluster.done(
        cluster
            .admin
            .deleteRecords(
                Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(before)))
            .all());
  }

  private void send(int partition, String key, @Nullable String value) throws Exception {
    cluster
        .producer()
        .send(
            new ProducerRecord<>(
                topic,
                partition,
                key.getBytes(StandardCharsets.UTF_8),
                value == null ? null : value.getBytes(StandardCharsets.UTF_8)))
        .get();
  }

  private static void assertFound(Verification found, String what, String key) {
    assertThat(found.outcome()).as(found.toString()).isEqualTo("Differs");
    Map<String, Verification.Keys> all =
        Map.of(
            "changed",
            found.changed(),
            "missing",
            found.missing(),
            "additional",
            found.additional());
    all.forEach(
        (name, keys) -> assertThat(keys.count()).as(name).isEqualTo(name.equals(what) ? 1 : 0));
    assertThat(all.get(what).examples()).singleElement().asString().endsWith(key);
  }
}
