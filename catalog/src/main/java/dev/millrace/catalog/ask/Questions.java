package dev.millrace.catalog.ask;

import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.api.Json;
import dev.millrace.api.Topics;
import dev.millrace.api.ask.Answer;
import dev.millrace.api.ask.Ask;
import dev.millrace.catalog.CatalogConfig;
import dev.millrace.catalog.KafkaLogin;
import dev.millrace.catalog.problem.Refusal;
import dev.millrace.catalog.tail.TopicTail;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/** Sends questions and brings each answer to whoever asked. */
@Singleton
final class Questions {
  private static final Logger LOG = Logger.getLogger(Questions.class);
  private static final int MOST_AT_ONCE = 1000;

  /** A decimal of a row keeps its zeros: 12.50 of a column with two places is not 12.5. */
  private static final JsonMapper ANSWERS =
      Json.LENIENT.rebuild().disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES).build();

  private final Duration patience;
  private final PlatformWriter writer;
  private final TopicTail answers;
  private final Map<String, CompletableFuture<Answer>> pending = new ConcurrentHashMap<>();
  private final Map<String, Consumer<Answer>> followed = new ConcurrentHashMap<>();

  @Inject
  Questions(CatalogConfig config, KafkaLogin kafka, PlatformWriter writer) {
    this.patience = config.patience();
    this.writer = writer;
    this.answers = TopicTail.fromEnd(kafka.settings(), Topics.ANSWERS, this::take);
  }

  void start(@Observes StartupEvent event) {
    answers.start();
  }

  void stop(@Observes ShutdownEvent event) {
    answers.close();
  }

  Duration patience() {
    return patience;
  }

  /**
   * Blocks only until the question is under way.
   *
   * @return ends with the answer, or with a {@link Refusal} {@code WorkerSilent}
   */
  CompletableFuture<Answer> ask(Ask ask) {
    if (pending.size() >= MOST_AT_ONCE || !isListening()) {
      return CompletableFuture.failedFuture(silent());
    }
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    pending.put(ask.id(), answer);
    writer.send(
        Topics.REQUESTS,
        ask.id(),
        ask,
        failure -> {
          LOG.warnf("question not sent: %s", failure.getMessage());
          answer.completeExceptionally(silent());
        });
    return answer
        .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((a, failure) -> pending.remove(ask.id()))
        .exceptionallyCompose(failure -> CompletableFuture.failedFuture(silent()));
  }

  /**
   * For a question that several answers come to. Blocks only until it is under way.
   *
   * @param each takes every answer until {@link #forget}, from any thread
   * @throws Refusal WorkerSilent when Kafka does not take the question
   */
  void follow(Ask ask, Consumer<Answer> each) {
    if (!isListening()) {
      throw silent();
    }
    followed.put(ask.id(), each);
    try {
      writer.write(Topics.REQUESTS, ask.id(), ask);
    } catch (PlatformWriter.NotConfirmed e) {
      LOG.warnf("question not sent: %s", e.getMessage());
      forget(ask.id());
      throw silent();
    }
  }

  void forget(String id) {
    followed.remove(id);
  }

  private boolean isListening() {
    try {
      return answers.awaitPlaced(patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    if (record.key() == null || record.value() == null) {
      return;
    }
    CompletableFuture<Answer> waiting = pending.get(record.key());
    Consumer<Answer> follower = followed.get(record.key());
    if (waiting == null && follower == null) {
      return;
    }
    try {
      Answer answer = ANSWERS.readValue(record.value(), Answer.class);
      if (waiting != null) {
        waiting.complete(answer);
      }
      if (follower != null) {
        follower.accept(answer);
      }
    } catch (IOException | IllegalArgumentException e) {
      LOG.warnf("unreadable answer offset=%d", record.offset());
    }
  }

  private static Refusal silent() {
    return new Refusal(
        503,
        "WorkerSilent",
        "no worker answered in time",
        "Look whether a worker runs and the subscription is not Stopped, then try again.");
  }
}
