package dev.millrace.operator.subscription;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.Topics;
import dev.millrace.api.ask.Answer;
import dev.millrace.api.ask.Ask;
import dev.millrace.api.ask.Verification;
import dev.millrace.needs.reconcile.Shadow;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Has workers compare what they wrote with its stream, as the catalog does when a person asks. */
public final class Comparisons implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Comparisons.class);
  private static final String ACTOR = "operator";
  private static final Set<String> NOTHING_LEFT_TO_PROVE = Set.of("Equal", "Unprovable");

  /** A large store takes long to be read. */
  private static final Duration LONGEST = Duration.ofHours(6);

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Shorter, so that a question that is said not to be asked is not. */
  private static final Duration DELIVERED = Duration.ofSeconds(8);

  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  /** A worker tells how far it is about every second, unless it waits for a broker itself. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private final Clock clock;
  private final KafkaProducer<String, byte[]> producer;
  private final KafkaConsumer<String, byte[]> consumer;
  private final Map<String, Run> runs = new ConcurrentHashMap<>();
  private final CountDownLatch listening = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean closing;

  /** One that was asked for, and what was heard of it last. */
  private record Run(Shadow.Verdict verdict, Instant heardAt) {}

  private Comparisons(Map<String, Object> kafka, Clock clock) {
    this.clock = clock;
    Map<String, Object> writing = new HashMap<>(kafka);
    writing.put("acks", "all");
    writing.put("max.block.ms", DELIVERED.toMillis());
    writing.put("request.timeout.ms", (int) DELIVERED.toMillis());
    writing.put("delivery.timeout.ms", (int) DELIVERED.toMillis());
    writing.put("linger.ms", 0);
    this.producer = new KafkaProducer<>(writing, new StringSerializer(), new ByteArraySerializer());
    Map<String, Object> reading = new HashMap<>(kafka);
    reading.put("auto.offset.reset", "latest");
    reading.put("enable.auto.commit", false);
    this.consumer =
        new KafkaConsumer<>(reading, new StringDeserializer(), new ByteArrayDeserializer());
    this.thread = Thread.ofPlatform().name("operator-answers").daemon().start(this::listen);
  }

  /**
   * @param kafka client settings of the platform's own principal
   */
  public static Comparisons open(Map<String, Object> kafka, Clock clock) {
    return new Comparisons(kafka, clock);
  }

  /** What to ask for it by; empty when the question does not get through now. */
  Optional<String> begin(ObjectKey pipeline) {
    forgetOld();
    String id = UUID.randomUUID().toString();
    try {
      if (!listening.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        return Optional.empty();
      }
      runs.put(id, new Run(Shadow.Verdict.BEING_COMPARED, clock.instant()));
      Ask ask = new Ask(id, pipeline, "Verify", 1, null, ACTOR, clock.instant().plus(LONGEST));
      producer
          .send(new ProducerRecord<>(Topics.REQUESTS, id, Json.STRICT.writeValueAsBytes(ask)))
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return Optional.of(id);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException | KafkaException | JsonProcessingException e) {
      LOG.warnf("not asked for a comparison pipeline=%s: %s", pipeline, e.toString());
    }
    runs.remove(id);
    return Optional.empty();
  }

  private void forgetOld() {
    Instant edge = clock.instant().minus(LONGEST);
    runs.values().removeIf(run -> run.heardAt().isBefore(edge));
  }

  Shadow.Verdict verdict(String id) {
    Run run = runs.get(id);
    if (run == null) {
      return Shadow.Verdict.UNKNOWN;
    }
    boolean silent =
        run.verdict() == Shadow.Verdict.BEING_COMPARED
            && run.heardAt().plus(SILENCE).isBefore(clock.instant());
    return silent ? Shadow.Verdict.UNKNOWN : run.verdict();
  }

  private void listen() {
    TopicPartition partition = new TopicPartition(Topics.ANSWERS, 0);
    consumer.assign(List.of(partition));
    while (!closing) {
      try {
        if (listening.getCount() > 0) {
          consumer.seekToEnd(List.of(partition));
          // Seeking is lazy: asking where it stands makes it true.
          consumer.position(partition);
          listening.countDown();
        }
        consumer.poll(Duration.ofSeconds(1)).forEach(this::hear);
      } catch (WakeupException e) {
        LOG.debug("woken to close");
      } catch (KafkaException e) {
        LOG.warnf("reading topic=%s failed, goes on: %s", Topics.ANSWERS, e.getMessage());
        pause();
      }
    }
    // It belongs to no group: there is nobody to take leave of, and no fetch to wait for.
    consumer.close(CloseOptions.timeout(Duration.ZERO));
  }

  private static void pause() {
    try {
      Thread.sleep(AFTER_FAILURE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void hear(ConsumerRecord<String, byte[]> record) {
    if (record.key() == null || record.value() == null) {
      return;
    }
    runs.computeIfPresent(
        record.key(),
        (id, run) ->
            run.verdict() == Shadow.Verdict.BEING_COMPARED
                ? new Run(verdict(record, run.verdict()), clock.instant())
                : run);
  }

  private static Shadow.Verdict verdict(
      ConsumerRecord<String, byte[]> record, Shadow.Verdict before) {
    try {
      Answer answer = Json.LENIENT.readValue(record.value(), Answer.class);
      if (answer.code() != null) {
        return Shadow.Verdict.UNKNOWN;
      }
      if (answer.entries().isEmpty()) {
        return before;
      }
      String outcome = outcome(answer);
      if (outcome == null) {
        return before;
      }
      return NOTHING_LEFT_TO_PROVE.contains(outcome) ? Shadow.Verdict.RIGHT : Shadow.Verdict.WRONG;
    } catch (IOException | RuntimeException e) {
      LOG.warnf("unreadable answer offset=%d", record.offset());
      return before;
    }
  }

  private static @Nullable String outcome(Answer answer) throws JsonProcessingException {
    return Json.LENIENT.treeToValue(answer.entries().get(0), Verification.class).outcome();
  }

  @Override
  public void close() {
    closing = true;
    consumer.wakeup();
    try {
      thread.join(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(Duration.ofSeconds(1));
  }
}
