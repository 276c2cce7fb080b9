package dev.millrace.catalog.ask;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.Topics;
import dev.millrace.api.ask.Answer;
import dev.millrace.api.ask.Ask;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.catalog.Api;
import dev.millrace.catalog.Api.Reply;
import dev.millrace.catalog.CatalogConfig;
import dev.millrace.catalog.CatalogTest;
import dev.millrace.catalog.Samples;
import dev.millrace.catalog.Worker;
import dev.millrace.catalog.tail.TopicTail;
import dev.millrace.needs.reconcile.Board;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of pipelines with the partitions 0 and 1. */
@CatalogTest
class ExplainTest {
  @Inject CatalogConfig config;
  @Inject Board board;

  private String path;
  private ObjectKey key;

  @BeforeEach
  void subscribe() {
    path = Samples.subscribed(Samples.orders());
    key = new ObjectKey("risk", path.substring(path.lastIndexOf('/') + 1));
  }

  private PipelinePlan bound(String state) {
    PipelinePlan plan =
        Worker.plan(key, Api.ADA.get(path).json().at("/metadata/uid").asText()).inState(state);
    board.boundPlan(key, plan);
    return plan;
  }

  @Test
  void eachWorkerIsHeardWithItsOwnPart() throws Exception {
    bound("Running");
    try (Worker worker = new Worker(config)) {
      report(worker, 0, "one");
      report(worker, 1, "two");
      try (TopicTail requests =
          answering(ask -> {
            answer(worker, ask, "one", 0);
            answer(worker, ask, "two", 1);
          })) {
        Reply reply = Api.ADA.get(path + "/explain");

        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.json().at("/measured").findValuesAsText("worker"))
            .containsExactlyInAnyOrder("one", "two");
        assertThat(reply.json().at("/unmeasured")).isEmpty();
        assertThat(reply.json().at("/sentence").asText()).contains("one: Slow.", "two: Slow.");
      }
    }
  }

  @Test
  void aWorkerThatDoesNotAnswerLeavesAGapAndThePlanIsExplained() throws Exception {
    bound("Running");
    try (Worker worker = new Worker(config)) {
      report(worker, 0, "one");
      report(worker, 1, "two");
      try (TopicTail requests = answering(ask -> answer(worker, ask, "one", 0))) {
        JsonNode found = Api.ADA.get(path + "/explain").json();

        assertThat(found.at("/measured").findValuesAsText("worker")).containsExactly("one");
        assertThat(found.at("/unmeasured/0/partitions/0").asInt()).isEqualTo(1);
        assertThat(found.at("/unmeasured/0/code").asText()).isEqualTo("WorkerSilent");
        assertThat(found.at("/ways/0/name").asText()).isEqualTo("Copy");
      }
    }
  }

  @Test
  void aPausedPipelineIsExplainedWithoutAskingAnybody() {
    bound("Paused");

    JsonNode found = Api.ADA.get(path + "/explain").json();

    assertThat(found.at("/state").asText()).isEqualTo("Paused");
    assertThat(found.at("/engine").asText()).isEqualTo("Postgres");
    assertThat(found.at("/fields/0/field").asText()).isEqualTo("id");
    assertThat(found.at("/measured")).isEmpty();
    assertThat(found.at("/sentence").asText())
        .isEqualTo("Nothing is measured. It is paused: nothing is read or written.");
  }

  @Test
  void whatIsNotThereIsNotExplained() {
    Reply early = Api.ADA.get(path + "/explain");
    assertThat(early.status()).isEqualTo(409);
    assertThat(early.code()).isEqualTo("NotProvisioned");

    Reply unknown = Api.ADA.get("/tenants/risk/subscriptions/nobody/explain");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.code()).isEqualTo("NotFound");
  }

  /** Returns when the catalog has it. */
  private void report(Worker worker, int partition, String name) {
    worker.send(
        Topics.STATUS,
        key + "/" + partition,
        new PartitionReport(
            key,
            partition,
            1,
            name,
            "Live",
            5,
            5,
            5,
            Counts.NONE,
            5,
            null,
            null,
            null,
            Instant.now()));
    for (int i = 0; i < 10_000; i++) {
      for (JsonNode each : Api.ADA.get(path).json().at("/status/partitions")) {
        if (each.path("partition").asInt() == partition) {
          return;
        }
      }
    }
    throw new AssertionError("the report does not arrive");
  }

  private static void answer(Worker worker, Ask ask, String name, int partition) {
    worker.send(
        Topics.ANSWERS,
        ask.id(),
        new Answer(
            ask.id(),
            List.of(
                Json.STRICT.valueToTree(VerdictTest.measured(name, "Store", "Slow.", partition))),
            null,
            null,
            null,
            name));
  }

  private TopicTail answering(java.util.function.Consumer<Ask> answer) throws InterruptedException {
    TopicTail requests =
        TopicTail.fromEnd(
            config.kafka(),
            Topics.REQUESTS,
            record -> {
              try {
                Ask ask = Json.LENIENT.readValue(record.value(), Ask.class);
                if (ask.subscription().equals(key) && ask.kind().equals("Explain")) {
                  answer.accept(ask);
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    requests.start();
    assertThat(requests.awaitPlaced(Duration.ofSeconds(120))).isTrue();
    return requests;
  }
}
