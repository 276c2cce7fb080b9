package dev.millrace.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.Topics;
import dev.millrace.api.ask.Answer;
import dev.millrace.api.ask.Ask;
import dev.millrace.api.ask.Measurement;
import dev.millrace.api.plan.PipelinePlan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who answers what people ask. What is in the answers, each engine's driver decides. */
class QuestionsTest {
  private final Cluster cluster = Cluster.shared();
  private final MemoryPool pool = new MemoryPool(cluster);
  private final String topic = Cluster.name("asked");
  private final EventLog log = new EventLog(cluster.producer(), topic, 1);
  private final TestPlan test = new TestPlan(cluster, topic);

  @BeforeEach
  void startWorkers() {
    cluster.createTopic(topic, 1, Map.of());
    pool.startWorker();
    pool.startWorker();
  }

  @AfterEach
  void stopWorkers() {
    pool.close();
  }

  @Test
  void rowsAreAnsweredOnce() throws Exception {
    log.put(1, "a", 7);
    log.flush();
    PipelinePlan plan = pool.run(test.plan());
    Eventually.holds(() -> assertThat(pool.store.rows(plan)).hasSize(1));
    Map<TopicPartition, String> owners;
    Ask ask;
    // A worker that takes over answers again what may have been left unanswered: not meant here.
    do {
      owners = settled();
      ask = ask(test.subscription(), "Rows");

      Answer answer = answer(ask);
      assertThat(answer.entries()).hasToString("[[1,\"a\",7]]");
      assertThat(answer.code()).isNull();
      answer(ask(test.subscription(), "Rows"));
    } while (!pool.owners().equals(owners));
    assertThat(cluster.answers(ask.id())).isEqualTo(1);
  }

  @Test
  void aPausedPipelineAnswersToo() throws Exception {
    PipelinePlan plan = pool.run(test.state("Paused").plan());
    Eventually.holds(() ->
        assertThat(cluster.report(plan.subscription(), 0).orElseThrow().phase())
            .isEqualTo("Paused"));
    settled();

    Answer answer = answer(ask(test.subscription(), "Rows"));

    assertThat(answer.code()).isNull();
    assertThat(answer.entries()).isEmpty();
  }

  @Test
  void aVerificationIsAnsweredWithWhatItFound() throws Exception {
    log.put(1, "a", 7);
    log.put(2, "b", 7);
    log.flush();
    PipelinePlan plan = pool.run(test.plan());
    Eventually.holds(() -> assertThat(pool.store.rows(plan)).hasSize(2));
    settled();

    Answer answer = answer(ask(test.subscription(), "Verify"));

    assertThat(answer.code()).isNull();
    assertThat(answer.entries())
        .singleElement()
        .satisfies(found -> assertThat(found.path("outcome").asText()).isEqualTo("Equal"))
        .satisfies(found -> assertThat(found.path("rows").asLong()).isEqualTo(2));
  }

  @Test
  void ofADeadLetterIsSaidWhetherTheLogStillHasIt() throws Exception {
    log.broken(1);
    log.broken(2);
    log.flush();
    PipelinePlan plan = pool.run(test.plan());
    Eventually.holds(() -> assertThat(pool.store.deadLetters(plan)).hasSize(2));
    settled();
    Cluster.done(
        cluster
            .admin
            .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(1)))
            .all());

    assertThat(answer(askOf("0/0")).entries())
        .singleElement()
        .satisfies(letter -> assertThat(letter.path("redrivable").asBoolean(true)).isFalse());
    assertThat(answer(askOf("0/1")).entries())
        .singleElement()
        .satisfies(letter -> assertThat(letter.path("redrivable").asBoolean(false)).isTrue());
    assertThat(answer(askOf("0/7")).entries()).isEmpty();
    assertThat(answer(askOf("seven")).code()).isEqualTo("InvalidParameter");
  }

  private Ask askOf(String place) {
    Ask ask =
        new Ask(
            UUID.randomUUID().toString(),
            test.subscription(),
            "DeadLetter",
            1,
            place,
            "ann",
            Instant.now().plusSeconds(300));
    cluster.ask(ask);
    return ask;
  }

  @Test
  void whoHasThePartitionsExplainsThemWhoeverAnswersTheRest() throws Exception {
    log.put(1, "a", 7);
    log.put(2, "b", 7);
    log.flush();
    PipelinePlan plan = pool.run(test.plan());
    Eventually.holds(() -> assertThat(pool.store.rows(plan)).hasSize(2));
    settled();

    // A partition that has just changed hands is held by nobody for a moment, and forgets batches.
    Eventually.holds(() -> {
      log.put(3, "c", 7);
      log.flush();
      Answer answer = answer(ask(test.subscription(), "Explain"));
      Map<TopicPartition, String> owners = pool.owners();
      assertThat(owners.get(new TopicPartition(topic, 0))).startsWith(answer.worker() + "-");
      assertThat(owners.get(new TopicPartition(Topics.REQUESTS, 0)))
          .doesNotStartWith(answer.worker() + "-");
      assertThat(answer.entries()).hasSize(1);
      Measurement measured = Json.LENIENT.convertValue(answer.entries().get(0), Measurement.class);
      assertThat(measured.worker()).isEqualTo(answer.worker());
      assertThat(measured.partitions()).containsExactly(new Measurement.SharedReading(0, 0, false));
      assertThat(measured.eventsInBatch().now()).isPositive();
      assertThat(measured.seconds()).isPositive();
    });
  }

  @Test
  void aPausedPipelineHasNothingMeasured() throws Exception {
    PipelinePlan plan = pool.run(test.state("Paused").plan());
    Eventually.holds(() ->
        assertThat(cluster.report(plan.subscription(), 0).orElseThrow().phase())
            .isEqualTo("Paused"));
    settled();

    Answer answer = answer(ask(test.subscription(), "Explain"));

    assertThat(answer.worker()).isNotNull();
    assertThat(answer.entries()).isEmpty();
  }

  @Test
  void whatNobodyKnowsIsSaidWithACode() throws Exception {
    PipelinePlan plan = pool.run(test.plan());
    Eventually.holds(() -> assertThat(cluster.report(plan.subscription(), 0)).isPresent());
    settled();

    ObjectKey nobody = new ObjectKey("test", "nobody");
    assertThat(answer(ask(nobody, "Rows")).code()).isEqualTo("SubscriptionUnknown");
    assertThat(answer(ask(test.subscription(), "Weather")).code()).isEqualTo("QuestionUnknown");
  }

  @Test
  void aQuestionPastItsDeadlineIsLeftAlone() throws Exception {
    PipelinePlan plan = pool.run(test.plan());
    Eventually.holds(() -> assertThat(cluster.report(plan.subscription(), 0)).isPresent());
    settled();

    Ask late = ask(test.subscription(), "Rows", Instant.now().minusSeconds(1));
    answer(ask(test.subscription(), "Rows"));

    assertThat(cluster.answers(late.id())).isZero();
  }

  /**
   * Waits until the two workers have shared the questions and the topic, one each, so that none
   * changes hands any more; and until the one that answers has the plan.
   *
   * @return who has which
   */
  private Map<TopicPartition, String> settled() throws Exception {
    Map<TopicPartition, String> owners = new HashMap<>();
    List<Ask> asked = new ArrayList<>();
    Eventually.holds(() -> {
      Map<TopicPartition, String> now = pool.owners();
      if (!now.equals(owners)) {
        owners.clear();
        owners.putAll(now);
        asked.clear();
      }
      assertThat(owners)
          .containsOnlyKeys(new TopicPartition(Topics.REQUESTS, 0), new TopicPartition(topic, 0));
      assertThat(owners.values()).doesNotHaveDuplicates();
      asked.add(ask(test.subscription(), "Anything"));
      assertThat(asked)
          .flatMap(each -> cluster.answer(each.id()).stream().toList())
          .extracting(Answer::code)
          .contains("QuestionUnknown");
    });
    return owners;
  }

  /** With more time for the answer than a busy machine needs. */
  private Ask ask(ObjectKey subscription, String kind) {
    return ask(subscription, kind, Instant.now().plusSeconds(300));
  }

  private Ask ask(ObjectKey subscription, String kind, Instant deadline) {
    Ask ask = new Ask(UUID.randomUUID().toString(), subscription, kind, 10, null, "ann", deadline);
    cluster.ask(ask);
    return ask;
  }

  private Answer answer(Ask ask) throws Exception {
    Eventually.holds(() -> assertThat(cluster.answer(ask.id())).isPresent());
    return cluster.answer(ask.id()).orElseThrow();
  }
}
