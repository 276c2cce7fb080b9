package dev.millrace.catalog.ask;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.Topics;
import dev.millrace.api.ask.Answer;
import dev.millrace.api.ask.Ask;
import dev.millrace.api.ask.Verification;
import dev.millrace.catalog.Api;
import dev.millrace.catalog.Api.Reply;
import dev.millrace.catalog.CatalogConfig;
import dev.millrace.catalog.CatalogTest;
import dev.millrace.catalog.Samples;
import dev.millrace.catalog.Worker;
import dev.millrace.catalog.tail.TopicTail;
import dev.millrace.needs.reconcile.Board;
import dev.millrace.needs.reconcile.Shadow.Verdict;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@CatalogTest
class VerificationTest {
  @Inject CatalogConfig config;
  @Inject Board board;

  private final BlockingQueue<Ask> asked = new LinkedBlockingQueue<>();
  private Worker worker;
  private TopicTail requests;

  @BeforeEach
  void listen() throws Exception {
    worker = new Worker(config);
    requests =
        TopicTail.fromEnd(
            config.kafka(),
            Topics.REQUESTS,
            record -> {
              try {
                asked.add(Json.LENIENT.readValue(record.value(), Ask.class));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    requests.start();
    assertThat(requests.awaitPlaced(Duration.ofSeconds(120))).isTrue();
  }

  @AfterEach
  void stop() {
    requests.close();
    worker.close();
  }

  @Test
  void itRunsUntilTheWorkerHasAnOutcome() throws Exception {
    String path = bound() + "/verifications";

    Reply begun = Api.ADA.post(path, "");

    assertThat(begun.status()).as(begun.text()).isEqualTo(202);
    assertThat(begun.json().path("state").asText()).isEqualTo("Running");
    String own = path + "/" + begun.json().path("id").asText();
    assertThat(begun.header("Location")).endsWith(own);
    Ask ask = ask();
    assertThat(ask.kind()).isEqualTo("Verify");
    assertThat(ask.actor()).isEqualTo("ada");
    assertThat(ask.deadline()).isAfter(Instant.now().plusSeconds(60));

    answer(ask, found(null, 500));
    JsonNode running = eventually(own, "/result/rows", "500");
    assertThat(running.path("state").asText()).isEqualTo("Running");
    assertThat(Api.ADA.post(path, "").json().path("id")).isEqualTo(begun.json().path("id"));

    answer(ask, found("Differs", 1000));
    JsonNode done = eventually(own, "/state", "Done");
    assertThat(done.at("/result/outcome").asText()).isEqualTo("Differs");
    assertThat(done.at("/result/changed/examples/0").asText()).isEqualTo("a");
    assertThat(Api.ADA.post(path, "").json().path("id")).isNotEqualTo(begun.json().path("id"));
  }

  @Test
  void whatTheWorkerCannotDoEndsIt() throws Exception {
    String path = bound() + "/verifications";
    String own = path + "/" + Api.ADA.post(path, "").json().path("id").asText();

    Ask ask = ask();
    worker.send(
        Topics.ANSWERS,
        ask.id(),
        new Answer(ask.id(), List.of(), null, "StoreUnavailable", "the store is away"));

    JsonNode failed = eventually(own, "/state", "Failed");
    assertThat(failed.path("code").asText()).isEqualTo("StoreUnavailable");
    assertThat(failed.path("problem").asText()).isEqualTo("the store is away");
  }

  @Test
  void aControllerHearsWhatItMeansForItsRebuild() throws Exception {
    String path = bound();
    ObjectKey key = key(path);

    assertThat(verdict(key, found("Equal", 1))).isEqualTo(Verdict.RIGHT);
    assertThat(verdict(key, found("Unprovable", 1))).isEqualTo(Verdict.RIGHT);
    assertThat(verdict(key, found("Differs", 1))).isEqualTo(Verdict.WRONG);
    String id = board.compare(key).orElseThrow();
    assertThat(board.comparison(key, id)).isEqualTo(Verdict.BEING_COMPARED);
    Ask ask = ask();
    answer(ask, found(null, 500));
    eventually(path + "/verifications/" + id, "/result/rows", "500");
    assertThat(board.comparison(key, id)).isEqualTo(Verdict.BEING_COMPARED);
    worker.send(
        Topics.ANSWERS,
        ask.id(),
        new Answer(ask.id(), List.of(), null, "StoreUnavailable", "away"));
    eventually(path + "/verifications/" + id, "/state", "Failed");
    assertThat(board.comparison(key, id)).isEqualTo(Verdict.UNKNOWN);
    assertThat(board.comparison(key, "none")).isEqualTo(Verdict.UNKNOWN);
    assertThat(board.comparison(key(bound()), id)).isEqualTo(Verdict.UNKNOWN);
  }

  private Verdict verdict(ObjectKey key, Verification found) throws Exception {
    String id = board.compare(key).orElseThrow();
    answer(ask(), found);
    eventually(
        "/tenants/risk/subscriptions/" + key.name() + "/verifications/" + id, "/state", "Done");
    return board.comparison(key, id);
  }

  @Test
  void aSilentWorkerEndsItAfterAWhile() throws Exception {
    String path = bound() + "/verifications";
    String own = path + "/" + Api.ADA.post(path, "").json().path("id").asText();

    assertThat(eventually(own, "/state", "Failed").path("code").asText()).isEqualTo("WorkerSilent");
  }

  @Test
  void whatIsNotThereIsNotFound() {
    String path = bound();

    assertThat(Api.ADA.get(path + "/verifications/none").code()).isEqualTo("NotFound");
    assertThat(Api.ADA.post(path + "-not/verifications", "").code()).isEqualTo("NotFound");
    assertThat(Api.ADA.post(Samples.subscribed(Samples.orders()) + "/verifications", "").code())
        .isEqualTo("NotProvisioned");
  }

  private Ask ask() throws InterruptedException {
    Ask ask = asked.poll(120, TimeUnit.SECONDS);
    assertThat(ask).isNotNull();
    return ask;
  }

  private void answer(Ask ask, Verification found) {
    worker.send(
        Topics.ANSWERS,
        ask.id(),
        new Answer(ask.id(), List.of(Json.STRICT.valueToTree(found)), null, null, null));
  }

  private static Verification found(String outcome, long rows) {
    return new Verification(
        outcome,
        2 * rows,
        rows,
        rows - 1,
        Verification.Keys.NONE,
        Verification.Keys.NONE,
        new Verification.Keys(1, List.of("a")),
        Verification.Keys.NONE,
        Map.of(0, rows),
        List.of(),
        Instant.now(),
        outcome == null ? null : Instant.now());
  }

  private static JsonNode eventually(String path, String pointer, String value)
      throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(120).toNanos();
    JsonNode seen = Api.ADA.get(path).json();
    while (!seen.at(pointer).asText().equals(value) && System.nanoTime() < deadline) {
      Thread.sleep(50);
      seen = Api.ADA.get(path).json();
    }
    assertThat(seen.at(pointer).asText()).as(seen.toString()).isEqualTo(value);
    return seen;
  }

  private static ObjectKey key(String path) {
    return new ObjectKey("risk", path.substring(path.lastIndexOf('/') + 1));
  }

  private String bound() {
    String path = Samples.subscribed(Samples.orders());
    ObjectKey key = key(path);
    board.boundPlan(key, Worker.plan(key, Api.ADA.get(path).json().at("/metadata/uid").asText()));
    return path;
  }
}
