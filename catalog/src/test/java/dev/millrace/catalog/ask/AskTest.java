package dev.millrace.catalog.ask;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.Topics;
import dev.millrace.api.ask.Answer;
import dev.millrace.api.ask.Ask;
import dev.millrace.api.correction.Correction;
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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

@CatalogTest
class AskTest {
  @Inject CatalogConfig config;
  @Inject Board board;

  @Test
  void rowsComeFromTheWorkerInPages() throws Exception {
    String path = bound();
    JsonNode row = Json.STRICT.readTree("{\"id\": \"a\", \"n\": 1}");

    try (Answering worker =
        new Answering(ask ->
            new Answer(ask.id(), List.of(row), ask.after() == null ? "row 1" : null, null, null))) {
      Reply first = Api.ADA.get(path + "/rows?limit=1");
      Reply second =
          Api.ADA.get(path + "/rows?limit=1&cursor=" + first.json().path("next").asText());

      assertThat(first.status()).as(first.text()).isEqualTo(200);
      assertThat(first.json().at("/items/0")).isEqualTo(row);
      assertThat(second.json().has("next")).isFalse();
      assertThat(worker.last.after()).isEqualTo("row 1");
      assertThat(worker.last.kind()).isEqualTo("Rows");
      assertThat(worker.last.actor()).isEqualTo("ada");
      assertThat(worker.last.limit()).isEqualTo(1);
    }
  }

  @Test
  void whatTheWorkerCannotDoIsAProblem() throws Exception {
    String path = bound();

    try (Answering worker =
        new Answering(ask ->
            new Answer(ask.id(), List.of(), null, "StoreUnavailable", "the store is away"))) {
      Reply reply = Api.ADA.get(path + "/dead-letters");

      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.code()).isEqualTo("StoreUnavailable");
      assertThat(worker.last.kind()).isEqualTo("DeadLetters");
    }
  }

  @Test
  void aSilentWorkerIsToldAfterAWhile() {
    Reply reply = Api.ADA.get(bound() + "/rows");

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.code()).isEqualTo("WorkerSilent");
    assertThat(reply.header("Retry-After")).isNotEmpty();
  }

  @Test
  void beforeThereIsAStoreThereAreNoRows() {
    assertThat(Api.ADA.get(Samples.subscribed(Samples.orders()) + "/rows").code())
        .isEqualTo("NotProvisioned");
  }

  @Test
  void aDeadLetterIsShownAndItsCorrectionsAreWrittenDownForItsWorkers() throws Exception {
    String path = bound();
    String uid = Api.ADA.get(path).json().at("/metadata/uid").asText();
    List<Correction> written = new CopyOnWriteArrayList<>();
    TopicTail corrections = tail(uid, written);
    JsonNode letter =
        Json.STRICT.readTree(
            """
            {"partition": 1, "offset": 42, "code": "WrongType", "field": "total",
             "message": "total is no number", "excerpt": "{}", "at": "2026-11-24T10:00:00Z",
             "redrivable": true}\
            """);

    try (corrections;
        Answering worker =
            new Answering(ask -> new Answer(ask.id(), List.of(letter), null, null, null))) {
      String one = path + "/dead-letters/1/42";
      Reply redriven = Api.ADA.post(one + "/redrive", "{\"payload\": \"{\\\"total\\\": 1.50}\"}");
      Reply discarded = Api.ADA.post(one + "/discard", "");

      assertThat(redriven.status()).as(redriven.text()).isEqualTo(202);
      assertThat(redriven.json().path("actor").asText()).isEqualTo("ada");
      assertThat(discarded.status()).as(discarded.text()).isEqualTo(202);
      assertThat(worker.last.kind()).isEqualTo("DeadLetter");
      assertThat(worker.last.after()).isEqualTo("1/42");
      Reply shown = Api.ADA.get(one);
      for (int i = 0; i < 1000 && shown.json().path("corrections").size() < 2; i++) {
        shown = Api.ADA.get(one);
      }
      assertThat(shown.json().at("/code").asText()).isEqualTo("WrongType");
      assertThat(shown.json().at("/corrections/0/payload").asText()).isEqualTo("{\"total\": 1.50}");
      assertThat(shown.json().at("/corrections/1/action").asText()).isEqualTo("Discard");
    }
    assertThat(written)
        .extracting(each -> each.place() + " " + each.action() + " " + each.payload())
        .containsExactly("1/42 Redrive {\"total\": 1.50}", "1/42 Discard null");
  }

  private TopicTail tail(String uid, List<Correction> into) throws InterruptedException {
    TopicTail tail =
        TopicTail.fromEnd(
            config.kafka(),
            Topics.CORRECTIONS,
            record -> {
              try {
                Correction correction = Json.LENIENT.readValue(record.value(), Correction.class);
                if (correction.uid().equals(uid)) {
                  into.add(correction);
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    tail.start();
    assertThat(tail.awaitPlaced(Duration.ofSeconds(120))).isTrue();
    return tail;
  }

  @Test
  void whatIsNoDeadLetterOrHasLeftTheLogIsNotRedriven() throws Exception {
    String path = bound();

    try (Answering none = new Answering(ask -> new Answer(ask.id(), List.of(), null, null, null))) {
      Reply reply = Api.ADA.post(path + "/dead-letters/0/7/redrive", "{}");
      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.code()).isEqualTo("NotFound");
    }
    JsonNode gone =
        Json.STRICT.readTree(
            "{\"partition\": 0, \"offset\": 7, \"code\": \"NotJson\","
                + " \"at\": \"2026-11-24T10:00:00Z\", \"redrivable\": false}");
    try (Answering worker =
        new Answering(ask -> new Answer(ask.id(), List.of(gone), null, null, null))) {
      Reply reply = Api.ADA.post(path + "/dead-letters/0/7/redrive", "{}");
      assertThat(reply.status()).isEqualTo(409);
      assertThat(reply.code()).isEqualTo("RedriveTooLate");
      assertThat(Api.ADA.post(path + "/dead-letters/0/7/discard", "").status()).isEqualTo(202);
    }
  }

  private String bound() {
    String path = Samples.subscribed(Samples.orders());
    ObjectKey key = new ObjectKey("risk", path.substring(path.lastIndexOf('/') + 1));
    board.boundPlan(key, Worker.plan(key, Api.ADA.get(path).json().at("/metadata/uid").asText()));
    return path;
  }

  /** A worker that knows one answer. */
  private final class Answering implements AutoCloseable {
    private final Worker worker = new Worker(config);
    private final TopicTail requests;
    private volatile Ask last;

    Answering(Function<Ask, Answer> answer) throws InterruptedException {
      requests =
          TopicTail.fromEnd(
              config.kafka(),
              Topics.REQUESTS,
              record -> {
                try {
                  last = Json.LENIENT.readValue(record.value(), Ask.class);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
                worker.send(Topics.ANSWERS, last.id(), answer.apply(last));
              });
      requests.start();
      assertThat(requests.awaitPlaced(Duration.ofSeconds(120))).isTrue();
    }

    @Override
    public void close() {
      requests.close();
      worker.close();
    }
  }
}
