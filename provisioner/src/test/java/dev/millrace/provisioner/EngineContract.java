package dev.millrace.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.ask.Answer;
import dev.millrace.api.ask.Ask;
import dev.millrace.api.ask.Verification;
import dev.millrace.api.correction.Correction;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.StoreDriver;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The promise of the data path, from a real topic through real workers into a real server: the
 * effect of every event is in the store exactly once, whatever ends, freezes or is set back.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EngineContract {
  static final int PARTITIONS = 4;

  final Cluster cluster = Cluster.shared();
  final EngineServer server;
  EnginePool pool;
  String topic;
  TestPlan test;
  RandomEvents events;

  EngineContract(EngineServer server) {
    this.server = server;
  }

  @BeforeAll
  void prepareStore() throws Exception {
    server.driver().prepare(server.site());
  }

  @AfterAll
  void stopServer() {
    server.close();
  }

  @BeforeEach
  void createTopic() {
    pool = new EnginePool(cluster, server);
    topic = Cluster.name("engine");
    cluster.createTopic(topic, PARTITIONS, Map.of());
    subscribe();
    events = new RandomEvents(cluster.producer(), topic, PARTITIONS, 3000, 11);
  }

  private void subscribe() {
    test = new TestPlan(cluster, topic);
    test.target(server.target(test.subscription().name()));
  }

  @AfterEach
  void stopWorkers() throws Exception {
    pool.close();
  }

  @Test
  void historyAndWhatComesAfterItAreFoldedExactly() throws Exception {
    pool.startWorker();
    events.publish(20_000);
    PipelinePlan plan = pool.run(filtered());
    for (int round = 0; round < 20; round++) {
      events.publish(100);
      Thread.sleep(10);
    }

    assertExact(plan);
    Eventually.holds(() -> {
      assertThat(reported()).isEqualTo(events.counts());
      assertThat(reports())
          .allSatisfy(report -> {
            assertThat(report.phase()).isEqualTo("Live");
            assertThat(report.flushed()).isEqualTo(report.position()).isEqualTo(report.endOffset());
            assertThat(report.consumed()).isEqualTo(report.counts().read());
          });
    });
  }

  @Test
  void aWorkerKilledInTheMiddleOfHistoryLeavesItExact() throws Exception {
    events.publish(30_000);
    PipelinePlan plan = caughtInTheMiddle(WorkerProcess::kill).plan();

    pool.startWorker();

    assertExact(plan);
  }

  @Test
  void aWorkerThatWasFrozenAndReplacedChangesNothingWhenItWakes() throws Exception {
    events.publish(30_000);
    Caught frozen = caughtInTheMiddle(WorkerProcess::freeze);
    pool.startWorker();
    assertFolded(frozen.plan());

    frozen.worker().thaw();
    events.publish(500);

    assertExact(frozen.plan());
  }

  private record Caught(WorkerProcess worker, PipelinePlan plan) {}

  private interface Strike {
    void at(WorkerProcess worker) throws Exception;
  }

  /**
   * A worker that was struck when it had written some of the history and not all. One that was done
   * by then, on a machine that kept this thread from looking, is left, and another subscription is
   * begun.
   */
  private Caught caughtInTheMiddle(Strike strike) throws Exception {
    while (true) {
      PipelinePlan plan = pool.run(filtered());
      WorkerProcess worker = pool.startProcess();
      Eventually.holds(() -> assertThat(server.read(plan)).isGreaterThan(500));
      strike.at(worker);
      if (server.read(plan) < events.counts().read()) {
        return new Caught(worker, plan);
      }
      worker.kill();
      subscribe();
    }
  }

  @Test
  void aWriteOfAnOwnerThatWasReplacedIsFenced() throws Exception {
    HeldWrites held = new HeldWrites();
    events.publish(1000);
    pool.startWorkerWith(held.of(server.driver()));
    PipelinePlan plan = pool.run(filtered());
    assertFolded(plan);
    held.hold();
    events.publish(1000);
    Eventually.holds(() -> assertThat(held.waiting).hasPositiveValue());
    pool.startWorkerApart();
    assertFolded(plan);
    assertThat(held.fenced).hasValue(0);

    held.release();

    Eventually.holds(() -> assertThat(held.fenced).hasPositiveValue());
    assertThat(server.rows(plan)).isEqualTo(events.rows());
    events.publish(1000);
    assertExact(plan);
  }

  @Test
  void aWorkerOfAnOlderDefinitionIsFencedUntilItHasTheNewOne() throws Exception {
    pool.startWorker();
    events.publish(1000);
    PipelinePlan first = pool.run(filtered());
    assertFolded(first);
    PipelinePlan second = pool.provision(TestPlan.next(first));
    long before = server.read(first);

    events.publish(1000);

    Eventually.holds(
        () -> assertThat(reports()).extracting(PartitionReport::reason).containsOnly("Fenced"));
    assertThat(server.read(first)).isEqualTo(before);
    pool.publish(second);
    assertExact(second);
  }

  @Test
  void aStoreThatIsStoppedInMidStreamIsWaitedForAndGoesOn() throws Exception {
    pool.startWorker();
    events.publish(2000);
    PipelinePlan plan = pool.run(filtered());
    assertFolded(plan);

    server.stop();
    events.publish(2000);

    Eventually.holds(() ->
        assertThat(reports())
            .allSatisfy(report -> {
              assertThat(report.phase()).isEqualTo("Retrying");
              assertThat(report.reason()).isEqualTo("StoreUnavailable");
            }));
    server.start();
    assertExact(plan);
    Eventually.holds(() ->
        assertThat(reports())
            .allSatisfy(report -> {
              assertThat(report.phase()).isEqualTo("Live");
              assertThat(report.reason()).isNull();
            }));
  }

  @Test
  void whatWasReportedAsFlushedOutlivesAKilledStore() throws Exception {
    Worker worker = pool.startWorker();
    PipelinePlan plan = pool.run(filtered());
    for (int round = 0; round < 30; round++) {
      events.publish(200);
      Thread.sleep(20);
    }
    Eventually.holds(() -> assertThat(reports()).allMatch(report -> report.flushed() > 0));
    events.publish(2000);
    Map<Integer, Long> flushed =
        reports().stream()
            .collect(Collectors.toMap(PartitionReport::partition, PartitionReport::flushed));
    server.kill();
    worker.close();

    server.start();

    assertThat(cursors(plan))
        .allSatisfy(cursor ->
            assertThat(cursor.nextOffset())
                .isGreaterThanOrEqualTo(flushed.get(cursor.partition())));
    pool.startWorker();
    assertExact(plan);
  }

  @Test
  void aStoreSetBackToAnOlderCopyIsBroughtForwardAgain() throws Exception {
    pool.startWorker();
    events.publish(2000);
    PipelinePlan plan = pool.run(filtered());
    assertFolded(plan);
    server.stop();
    server.backUp();
    server.start();
    events.publish(2000);
    assertFolded(plan);

    server.stop();
    server.restore();
    server.start();

    events.publish(100);
    assertExact(plan);
  }

  @Test
  void whatWasLostIsPassedWhereThatWasAcceptedAlsoByAStoreThatIsSetBack() throws Exception {
    EventLog log = new EventLog(cluster.producer(), topic, PARTITIONS);
    Worker before = pool.startWorker();
    for (long id = 0; id < 40; id++) {
      log.put(id, "before", 1);
    }
    log.flush();
    PipelinePlan plan = pool.run(test.plan());
    Eventually.holds(() -> assertThat(server.read(plan)).isEqualTo(40));
    before.close();
    server.stop();
    server.backUp();
    server.start();
    // Of partition 0 the first five of ten are lost, of partition 1 all.
    for (long id = 40; id < 80; id++) {
      boolean lost = id % PARTITIONS == 1 || (id % PARTITIONS == 0 && id < 60);
      if (lost) {
        log.lost(id, "lost", 2);
      } else {
        log.put(id, "behind", 3);
      }
    }
    log.flush();
    deleteRecords(Map.of(0, 15L, 1, 20L));
    pool.startWorker();
    Eventually.holds(() -> assertStoppedSomewhere("HistoryLost"));

    pool.publish(plan.losing(loss(new PipelinePlan.Gap(0, 10, 15))));
    Eventually.holds(() ->
        assertThat(cluster.report(test.subscription(), 1).orElseThrow().message())
            .contains("Offsets 10 to 19 of " + topic + " partition 1"));
    assertThat(server.rows(plan)).doesNotContainKey(new StoreKey(41L));
    PipelinePlan losing =
        pool.publish(
            plan.losing(loss(new PipelinePlan.Gap(0, 10, 15), new PipelinePlan.Gap(1, 10, 20))));

    assertPassed(losing, log);
    server.stop();
    server.restore();
    server.start();
    assertPassed(losing, log);
    Verification found = verified();
    assertThat(found.outcome()).as("%s", found).isEqualTo("Unprovable");
    assertThat(found.missing().count()).isZero();
    assertThat(found.additional().count()).isZero();
  }

  private static PipelinePlan.Loss loss(PipelinePlan.Gap... gaps) {
    return new PipelinePlan.Loss("token", List.of(gaps));
  }

  private void deleteRecords(Map<Integer, Long> before) {
    Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
    before.forEach((partition, offset) ->
        all.put(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset)));
    Cluster.done(cluster.admin.deleteRecords(all).all());
  }

  /** All that was not lost has its effect, once; and the cursors stand behind what was lost. */
  private void assertPassed(PipelinePlan plan, EventLog log) throws Exception {
    Eventually.holds(() -> {
      assertThat(server.rows(plan)).isEqualTo(log.expected(event -> true));
      assertThat(positions(cursors(plan))).isEqualTo(cluster.ends(topic));
      assertThat(sum(cursors(plan)))
          .isEqualTo(new Counts(log.published(), log.published(), 0, 0, 0));
    });
  }

  private void assertStoppedSomewhere(String reason) {
    assertThat(reports())
        .allSatisfy(report -> assertThat(report.phase()).isEqualTo("Stopped"))
        .extracting(PartitionReport::reason)
        .contains(reason);
  }

  @Test
  void aCursorThatIsLostAtRestIsNoticedWithoutAnEvent() throws Exception {
    pool.startWorker();
    events.publish(100);
    PipelinePlan plan = pool.run(filtered());
    assertFolded(plan);

    server.loseCursor(plan, 1);

    Eventually.holds(() ->
        assertThat(reports())
            .allSatisfy(report -> assertThat(report.reason()).isEqualTo("StoreLost")));
  }

  @Test
  void aLostCursorStopsThePipelineByName() throws Exception {
    pool.startWorker();
    events.publish(1000);
    PipelinePlan plan = pool.run(filtered());
    assertFolded(plan);
    Object before = rowsOf(plan, 2);

    server.loseCursor(plan, 2);
    events.publish(1000);

    Eventually.holds(() ->
        assertThat(reports())
            .allSatisfy(report -> {
              assertThat(report.phase()).isEqualTo("Stopped");
              assertThat(report.reason()).isEqualTo("StoreLost");
            }));
    // The others may have gone on until a batch met the cursor that is not there.
    assertThat(rowsOf(plan, 2)).isEqualTo(before);
  }

  private Map<StoreKey, List<@Nullable Object>> rowsOf(PipelinePlan plan, int partition)
      throws Exception {
    Map<StoreKey, List<@Nullable Object>> rows = new HashMap<>(server.rows(plan));
    rows.keySet().removeIf(key -> (Long) key.values().get(0) % PARTITIONS != partition);
    return rows;
  }

  /** The plan is of the new topic, and only the cursors still know that they are not. */
  @Test
  void cursorsOfAnEarlierTopicStopThePipelineByName() throws Exception {
    events.publish(1000);
    PipelinePlan before = filtered();
    pool.provision(test.topicId("earlier-topic").plan());
    pool.startWorker();

    pool.publish(before);

    Eventually.holds(() -> assertStopped("SourceRecreated"));
    assertThat(server.rows(before)).isEmpty();
    assertThat(server.read(before)).isZero();
  }

  @Test
  void badDataIsKeptWithReasonAndPosition() throws Exception {
    pool.startWorker();
    PipelinePlan plan = pool.run(test.filter("event.total >= 0").plan());
    send("1", "{\"id\":1,\"name\":\"first\",\"total\":1}");
    send("2", "{\"id\":2,");
    send("3", "[3]");
    send("4", "{\"id\":5,\"name\":\"other\",\"total\":1}");
    send("07", "{\"id\":7,\"name\":\"zero\",\"total\":1}");
    send(null, "{\"id\":8,\"name\":\"keyless\",\"total\":1}");
    send("9", "{\"id\":9,\"name\":\"large\",\"total\":3000000000}");
    send("10", "{\"id\":10,\"name\":\"a\\u0000b\",\"total\":1}");
    send("11", "{\"id\":11,\"id\":11,\"total\":1}");
    send("12", "{\"id\":12,\"name\":\"unfiltered\"}");
    send("x", null);
    send("1", "{\"id\":1,\"name\":\"second\",\"total\":\"many\"}");
    send("13", "{\"id\":13,\"name\":\"last\",\"total\":-1}");
    send("14", "{\"id\":14,\"name\":\"last\",\"total\":1}");

    Eventually.holds(() -> assertThat(server.read(plan)).isEqualTo(14));
    assertThat(sum(cursors(plan))).isEqualTo(new Counts(14, 2, 1, 11, 0));
    assertThat(deadLetters(plan, letter -> letter.get("field").asText()))
        .containsExactlyInAnyOrder(
            "0/1 NotJson ",
            "0/2 NotObject ",
            "0/3 KeyMismatch ",
            "0/4 KeyUnreadable ",
            "0/5 KeyMissing ",
            "0/6 OutOfRange total",
            "0/7 ForbiddenCharacter name",
            "0/8 DuplicateField ",
            "0/9 FilterFailed total",
            "0/10 KeyUnreadable ",
            "0/11 FilterFailed total");
    assertThat(server.rows(plan).values())
        .containsExactlyInAnyOrder(List.of(1L, "first", 1), List.of(14L, "last", 1));
  }

  @Test
  void ofAHundredThousandEventsEachBrokenOneIsKeptWithItsReason() throws Exception {
    int brokenEach = 100;
    Queue<Exception> failures = new ConcurrentLinkedQueue<>();
    List<BrokenEvents.Kind> kinds = new ArrayList<>(BrokenEvents.KINDS);
    if (server.target("any").table() != null) {
      kinds.add(BrokenEvents.TOO_LONG_FOR_THE_INDEX);
    }
    List<String> letters = new ArrayList<>();
    List<Correction> corrections = new ArrayList<>();
    Map<StoreKey, List<@Nullable Object>> rows = new HashMap<>();
    Map<StoreKey, List<@Nullable Object>> corrected = new HashMap<>();
    long[] next = new long[PARTITIONS];
    try (KafkaProducer<byte[], byte[]> producer = cluster.newProducer()) {
      for (int i = 0; i < 100_000; i++) {
        long id = i % 30_000 + 1;
        int partition = (int) (id % PARTITIONS);
        long offset = next[partition]++;
        byte[] key = bytes(Long.toString(id));
        if (i % brokenEach == brokenEach / 2) {
          BrokenEvents.Kind kind = kinds.get(i / brokenEach % kinds.size());
          letters.add(partition + "/" + offset + " " + kind.code() + " " + kind.field());
          ProducerRecord<byte[], byte[]> record = kind.record(topic, partition, id);
          producer.send(record, kept(failures));
          Optional<Long> own = kind.recordKey(id);
          long right = own.orElseGet(() -> BrokenEvents.anotherId(partition, PARTITIONS));
          corrected.put(new StoreKey(right), List.of(right, "c" + i, i));
          corrections.add(
              correction(
                  partition,
                  offset,
                  new String(BrokenEvents.healthy(right, "c" + i, i), StandardCharsets.UTF_8),
                  own.isPresent() ? null : Long.toString(right)));
        } else if (i % 50 == 7) {
          rows.remove(new StoreKey(id));
          corrected.remove(new StoreKey(id));
          producer.send(new ProducerRecord<>(topic, partition, key, null), kept(failures));
        } else {
          rows.put(new StoreKey(id), List.of(id, "v" + i, i));
          corrected.put(new StoreKey(id), List.of(id, "v" + i, i));
          producer.send(
              new ProducerRecord<>(topic, partition, key, BrokenEvents.healthy(id, "v" + i, i)),
              kept(failures));
        }
      }
    }
    assertThat(failures).isEmpty();
    pool.startWorker();

    PipelinePlan plan =
        pool.run(
            test.columns(BrokenEvents.SCHEMA, BrokenEvents.COLUMNS)
                .filter(BrokenEvents.FILTER)
                .plan());

    Eventually.holds(() -> assertThat(server.read(plan)).isEqualTo(100_000));
    assertThat(letters).hasSize(1000);
    assertThat(sum(cursors(plan))).isEqualTo(new Counts(100_000, 99_000, 0, 1000, 0));
    assertThat(deadLetters(plan, letter -> letter.get("field").asText()))
        .containsExactlyInAnyOrderElementsOf(letters);
    assertThat(server.rows(plan)).isEqualTo(rows);

    corrections.forEach(each -> cluster.correct(of(plan, each)));

    Eventually.holds(() -> assertThat(deadLetters(plan, letter -> "")).isEmpty());
    assertThat(sum(cursors(plan))).isEqualTo(new Counts(100_000, 100_000, 0, 0, 0));
    assertThat(server.rows(plan)).isEqualTo(corrected);
    Verification found = verified();
    assertThat(found.outcome()).as("%s", found).isEqualTo("Equal");
    assertThat(found.rows()).isEqualTo(corrected.size());
  }

  @Test
  void correctionsOutliveAStoreThatIsSetBackBeforeThem() throws Exception {
    pool.startWorker();
    PipelinePlan plan = pool.run(test.plan());
    send("1", "{\"id\":1,\"name\":\"first\",\"total\":1}");
    Eventually.holds(() -> assertThat(server.read(plan)).isEqualTo(1));
    assertThat(sum(cursors(plan)).read()).isEqualTo(1);
    server.stop();
    server.backUp();
    server.start();
    send("2", "{\"id\":2,");
    send("3", "[3]");
    send("4", "4");
    send("4", "{\"id\":4,\"name\":\"later\",\"total\":4}");
    Eventually.holds(() -> assertThat(deadLetters(plan, letter -> "")).hasSize(3));
    cluster.correct(of(plan, correction(0, 1, "{\"id\":2,\"name\":\"right\",\"total\":2}", null)));
    cluster.correct(
        of(plan, correction(0, 3, "{\"id\":4,\"name\":\"earlier\",\"total\":3}", null)));
    cluster.correct(of(plan, correction(0, 2, null, null)));
    Map<StoreKey, List<@Nullable Object>> rows =
        Map.of(
            new StoreKey(1L),
            List.of(1L, "first", 1),
            new StoreKey(2L),
            List.of(2L, "right", 2),
            new StoreKey(4L),
            List.of(4L, "later", 4));
    Eventually.holds(
        () -> assertThat(deadLetters(plan, letter -> "")).containsExactly("0/2 NotObject "));
    assertThat(server.rows(plan)).isEqualTo(rows);
    assertThat(sum(cursors(plan))).isEqualTo(new Counts(5, 4, 0, 1, 0));
    assertThat(verified().outcome()).isEqualTo("Equal");

    server.stop();
    server.restore();
    server.start();

    Eventually.holds(() -> assertThat(server.read(plan)).isEqualTo(5));
    assertThat(server.rows(plan)).isEqualTo(rows);
    assertThat(sum(cursors(plan))).isEqualTo(new Counts(5, 4, 0, 1, 0));
    assertThat(deadLetters(plan, letter -> "")).containsExactly("0/2 NotObject ");
    assertThat(verified().outcome()).isEqualTo("Equal");
  }

  private static Correction correction(
      int partition, long offset, @Nullable String payload, @Nullable String key) {
    return new Correction(
        UUID.randomUUID().toString(),
        new ObjectKey("test", "any"),
        "",
        partition,
        offset,
        Correction.REDRIVE,
        payload,
        key,
        "ann",
        Instant.EPOCH);
  }

  private static Correction of(PipelinePlan plan, Correction correction) {
    return new Correction(
        correction.id(),
        plan.subscription(),
        plan.uid(),
        correction.partition(),
        correction.offset(),
        correction.action(),
        correction.payload(),
        correction.key(),
        correction.actor(),
        correction.at());
  }

  /** By a worker, as people have it done. */
  private Verification verified() throws Exception {
    Verification[] last = new Verification[1];
    Eventually.holds(() -> {
      Ask ask =
          new Ask(
              UUID.randomUUID().toString(),
              test.subscription(),
              "Verify",
              1,
              null,
              "ann",
              Instant.now().plusSeconds(300));
      cluster.ask(ask);
      Eventually.holds(() -> {
        Answer answer = cluster.answer(ask.id()).orElseThrow();
        assertThat(answer.code()).isNull();
        last[0] = Json.LENIENT.convertValue(answer.entries().get(0), Verification.class);
        assertThat(last[0].outcome()).isNotNull();
      });
    });
    return last[0];
  }

  private static Callback kept(Queue<Exception> failures) {
    return (taken, failure) -> {
      if (failure != null) {
        failures.add(failure);
      }
    };
  }

  private void send(@Nullable String key, @Nullable String value) throws Exception {
    cluster.producer().send(new ProducerRecord<>(topic, 0, bytes(key), bytes(value))).get();
  }

  private static byte @Nullable [] bytes(@Nullable String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  PipelinePlan filtered() {
    return test.filter(RandomEvents.FILTER).plan();
  }

  /** As {@link #assertExact}, without making the store flush, which takes Redis a second. */
  void assertFolded(PipelinePlan plan) throws Exception {
    long published = events.counts().read();
    Eventually.holds(() -> assertThat(server.read(plan)).isEqualTo(published));
    assertThat(server.rows(plan)).isEqualTo(events.rows());
  }

  /** Rows, counts, positions and dead letters are those that follow from the events alone. */
  void assertExact(PipelinePlan plan) throws Exception {
    assertFolded(plan);
    List<Cursor> cursors = cursors(plan);
    SoftAssertions exact = new SoftAssertions();
    exact.assertThat(sum(cursors)).isEqualTo(events.counts());
    exact.assertThat(positions(cursors)).isEqualTo(cluster.ends(topic));
    exact
        .assertThat(deadLetters(plan, letter -> ""))
        .containsExactlyInAnyOrderElementsOf(
            events.deadLetters().stream().map(letter -> letter + " ").toList());
    exact.assertAll();
  }

  void assertStopped(String reason) {
    assertThat(reports())
        .allSatisfy(report -> {
          assertThat(report.phase()).isEqualTo("Stopped");
          assertThat(report.reason()).isEqualTo(reason);
        });
  }

  List<Cursor> cursors(PipelinePlan plan) throws Exception {
    return server.driver().cursors(server.site(), plan);
  }

  static Counts sum(List<Cursor> cursors) {
    return cursors.stream().map(Cursor::counts).reduce(Counts.NONE, Counts::plus);
  }

  private static Map<Integer, Long> positions(List<Cursor> cursors) {
    return cursors.stream().collect(Collectors.toMap(Cursor::partition, Cursor::nextOffset));
  }

  List<PartitionReport> reports() {
    return IntStream.range(0, PARTITIONS)
        .mapToObj(partition -> cluster.report(test.subscription(), partition).orElseThrow())
        .toList();
  }

  private Counts reported() {
    return reports().stream().map(PartitionReport::counts).reduce(Counts.NONE, Counts::plus);
  }

  private List<String> deadLetters(
      PipelinePlan plan, Function<com.fasterxml.jackson.databind.JsonNode, String> more)
      throws Exception {
    List<String> letters = new ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      StoreDriver.Page page = server.driver().deadLetters(server.site(), plan, 1000, after);
      page.entries()
          .forEach(letter ->
              letters.add(
                  letter.get("partition").asInt()
                      + "/"
                      + letter.get("offset").asLong()
                      + " "
                      + letter.get("code").asText()
                      + " "
                      + more.apply(letter)));
      after = page.next();
    } while (after.isPresent());
    return letters;
  }
}
