package dev.millrace.provisioner.question;

import dev.millrace.api.Json;
import dev.millrace.api.Topics;
import dev.millrace.api.ask.Answer;
import dev.millrace.api.ask.Ask;
import dev.millrace.provisioner.source.Clients;
import dev.millrace.provisioner.source.Loop;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * {@code millrace.requests} to {@code millrace.answers}. The group that shares event partitions
 * shares the requests' too: so each question has one worker to answer it, whether its pipeline
 * runs, rests or does not exist. All workers hear all of them, for some ask each for its own part.
 */
public final class QuestionDesk implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(QuestionDesk.class);

  /** A worker that takes over looks back for what the one before left unanswered. */
  private static final Duration LOOK_BACK = Duration.ofSeconds(10);

  /** Short, for looking back goes by the same connection and waits for it. */
  private static final Duration FETCH_WAIT = Duration.ofMillis(500);

  private final Producer<String, byte[]> producer;
  private final Replies replies;
  private final Clock clock;
  private final Loop<String, byte[]> loop;
  private volatile Set<TopicPartition> own = Set.of();

  public QuestionDesk(
      Clients clients, Producer<String, byte[]> producer, Replies replies, Clock clock) {
    this.producer = producer;
    this.replies = replies;
    this.clock = clock;
    this.loop =
        new Loop<>("questions", () -> clients.platformConsumer("latest", FETCH_WAIT), this::follow);
  }

  public void start() {
    loop.start();
  }

  /** The partitions of {@link Topics#REQUESTS} to answer from now on. From any thread. */
  public void own(Set<TopicPartition> partitions) {
    if (!partitions.equals(own)) {
      own = Set.copyOf(partitions);
      loop.wake();
    }
  }

  private void follow(Consumer<String, byte[]> consumer) {
    begin(consumer);
    Set<TopicPartition> answered = Set.of();
    while (!loop.isClosing()) {
      try {
        Set<TopicPartition> mine = own;
        if (!mine.equals(answered)) {
          Set<TopicPartition> taken = new HashSet<>(mine);
          taken.removeAll(answered);
          lookBack(consumer, taken);
          answered = mine;
        }
        consumer.poll(Duration.ofSeconds(5)).forEach(this::take);
      } catch (WakeupException e) {
        LOG.debug("woken to look at the partitions again");
      }
    }
  }

  private static void begin(Consumer<String, byte[]> consumer) {
    Set<TopicPartition> all = new HashSet<>();
    consumer
        .partitionsFor(Topics.REQUESTS)
        .forEach(found -> all.add(new TopicPartition(Topics.REQUESTS, found.partition())));
    if (all.isEmpty()) {
      throw new KafkaException("there is no " + Topics.REQUESTS + " yet");
    }
    consumer.assign(all);
    consumer.seekToEnd(all);
  }

  private void lookBack(Consumer<String, byte[]> consumer, Set<TopicPartition> taken) {
    Map<TopicPartition, Long> since = new HashMap<>();
    taken.forEach(
        partition -> since.put(partition, clock.instant().minus(LOOK_BACK).toEpochMilli()));
    Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(since);
    found.forEach((partition, at) -> {
      if (at != null) {
        consumer.seek(partition, at.offset());
      }
    });
  }

  /** Each in a thread of its own: one store that hangs must not silence the others. */
  private void take(ConsumerRecord<String, byte[]> record) {
    try {
      Ask ask = Json.LENIENT.readValue(record.value(), Ask.class);
      boolean mine = own.contains(new TopicPartition(record.topic(), record.partition()));
      if ((mine || Replies.isForAll(ask)) && ask.deadline().isAfter(clock.instant())) {
        thread(ask).start();
      }
    } catch (IOException | IllegalArgumentException e) {
      LOG.warnf("unreadable question offset=%d", record.offset());
    }
  }

  private Thread thread(Ask ask) {
    String name = "answer-" + ask.id();
    return Replies.isLong(ask)
        ? Thread.ofPlatform().name(name).daemon().unstarted(() -> answer(ask))
        : Thread.ofVirtual().name(name).unstarted(() -> answer(ask));
  }

  private void answer(Ask ask) {
    replies
        .to(
            ask,
            () -> !loop.isClosing() && ask.deadline().isAfter(clock.instant()),
            before -> send(ask, before))
        .ifPresent(answer -> send(ask, answer));
  }

  private void send(Ask ask, Answer answer) {
    try {
      producer.send(
          new ProducerRecord<>(Topics.ANSWERS, ask.id(), Json.STRICT.writeValueAsBytes(answer)));
    } catch (IOException | KafkaException | IllegalStateException e) {
      // The producer may be closed: this worker stops.
      LOG.warnf("answer not sent subscription=%s: %s", ask.subscription(), e.toString());
    }
  }

  /** Lets it end; returns at once. */
  public void stop() {
    loop.stop();
  }

  @Override
  public void close() {
    loop.close();
  }
}
