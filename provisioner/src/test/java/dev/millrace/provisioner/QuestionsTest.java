package dev.millrace.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.ask.Answer;
import dev.millrace.api.ask.Ask;
import dev.millrace.api.plan.PipelinePlan;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
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

    Ask ask = ask(test.subscription(), "Rows", Instant.now().plusSeconds(10));

    Answer answer = answer(ask);
    assertThat(answer.entries()).hasToString("[[1,\"a\",7]]");
    assertThat(answer.code()).isNull();
    Ask second = ask(test.subscription(), "Rows", Instant.now().plusSeconds(10));
    answer(second);
    assertThat(cluster.answers(ask.id())).isEqualTo(1);
  }

  @Test
  void aPausedPipelineAnswersToo() throws Exception {
    PipelinePlan plan = pool.run(test.state("Paused").plan());
    Eventually.holds(() ->
        assertThat(cluster.report(plan.subscription(), 0).orElseThrow().phase())
            .isEqualTo("Paused"));

    Answer answer = answer(ask(test.subscription(), "Rows", Instant.now().plusSeconds(10)));

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

    Answer answer = answer(ask(test.subscription(), "Verify", Instant.now().plusSeconds(60)));

    assertThat(answer.code()).isNull();
    assertThat(answer.entries())
        .singleElement()
        .satisfies(found -> assertThat(found.path("outcome").asText()).isEqualTo("Equal"))
        .satisfies(found -> assertThat(found.path("rows").asLong()).isEqualTo(2));
  }

  @Test
  void whatNobodyKnowsIsSaidWithACode() throws Exception {
    PipelinePlan plan = pool.run(test.plan());
    Eventually.holds(() -> assertThat(cluster.report(plan.subscription(), 0)).isPresent());

    ObjectKey nobody = new ObjectKey("test", "nobody");
    Instant later = Instant.now().plusSeconds(10);
    assertThat(answer(ask(nobody, "Rows", later)).code()).isEqualTo("SubscriptionUnknown");
    assertThat(answer(ask(test.subscription(), "Weather", later)).code())
        .isEqualTo("QuestionUnknown");
  }

  @Test
  void aQuestionPastItsDeadlineIsLeftAlone() throws Exception {
    PipelinePlan plan = pool.run(test.plan());
    Eventually.holds(() -> assertThat(cluster.report(plan.subscription(), 0)).isPresent());

    Ask late = ask(test.subscription(), "Rows", Instant.now().minusSeconds(1));
    answer(ask(test.subscription(), "Rows", Instant.now().plusSeconds(10)));

    assertThat(cluster.answers(late.id())).isZero();
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
