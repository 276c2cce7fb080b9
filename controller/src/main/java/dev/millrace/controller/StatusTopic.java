package dev.millrace.controller;

import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.Topics;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.needs.plan.Rebuilds;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;

/** {@code millrace.status}: what workers last said of each partition. */
public final class StatusTopic implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(StatusTopic.class);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  private final KafkaConsumer<String, byte[]> consumer;
  private final Map<ObjectKey, Map<Integer, PartitionReport>> reports = new ConcurrentHashMap<>();
  private final Agenda agenda;
  private final Thread thread;
  private final CountDownLatch seen = new CountDownLatch(1);
  private volatile boolean closing;

  /**
   * Reads in a thread of its own, from now on.
   *
   * @param kafka client settings of the platform's own principal
   * @param agenda told of each subscription that something is new of
   */
  public StatusTopic(Map<String, Object> kafka, Agenda agenda) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put("auto.offset.reset", "earliest");
    settings.put("enable.auto.commit", false);
    this.consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    this.agenda = agenda;
    this.thread = Thread.ofPlatform().name("controller-status").daemon().start(this::read);
  }

  /** The last of each partition of a pipeline. */
  public Map<Integer, PartitionReport> of(ObjectKey subscription) {
    return Map.copyOf(reports.getOrDefault(subscription, Map.of()));
  }

  /**
   * Waits until all that was reported before this began is known: until then one could take a
   * pipeline for one that no worker has reported on.
   *
   * @return whether it came about in time
   */
  public boolean awaitSeen(Duration patience) throws InterruptedException {
    return seen.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void read() {
    TopicPartition partition = new TopicPartition(Topics.STATUS, 0);
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    Optional<Long> end = Optional.empty();
    while (!closing) {
      try {
        if (end.isEmpty()) {
          end = Optional.of(consumer.endOffsets(List.of(partition)).get(partition));
        }
        if (consumer.position(partition) >= end.get()) {
          seen.countDown();
        }
        // A pipeline's partitions are often reported together, and looked at once then.
        Map<ObjectKey, Boolean> told = new LinkedHashMap<>();
        consumer
            .poll(Duration.ofSeconds(1))
            .forEach(record ->
                taken(record)
                    .ifPresent(news ->
                        told.merge(
                            Rebuilds.subscriptionOf(news.subscription()),
                            news.turned(),
                            Boolean::logicalOr)));
        told.forEach(this::tell);
      } catch (WakeupException e) {
        LOG.debug("woken to close");
      } catch (KafkaException e) {
        LOG.warnf("reading topic=%s failed, goes on: %s", Topics.STATUS, e.getMessage());
        pause();
      }
    }
    // It belongs to no group: there is nobody to take leave of, and no fetch to wait for.
    consumer.close(CloseOptions.timeout(Duration.ZERO));
  }

  private void tell(ObjectKey subscription, boolean turned) {
    Duration wait = StatusPace.wait(turned, reports.size());
    if (wait.isZero()) {
      agenda.add(subscription);
    } else {
      agenda.addLater(subscription, wait);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(AFTER_FAILURE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is no report must not keep others from being heard. */
  private Optional<News> taken(ConsumerRecord<String, byte[]> record) {
    try {
      return Optional.of(take(record));
    } catch (RuntimeException e) {
      LOG.warnf("no report key=%s offset=%d: %s", record.key(), record.offset(), e.toString());
      return Optional.empty();
    }
  }

  private News take(ConsumerRecord<String, byte[]> record) {
    int slash = record.key().lastIndexOf('/');
    ObjectKey subscription = ObjectKey.parse(record.key().substring(0, slash));
    int partition = Integer.parseInt(record.key().substring(slash + 1));
    if (record.value() == null) {
      reports.computeIfPresent(
          subscription,
          (key, mine) -> {
            mine.remove(partition);
            return mine.isEmpty() ? null : mine;
          });
      return new News(subscription, true);
    }
    try {
      PartitionReport now = Json.LENIENT.readValue(record.value(), PartitionReport.class);
      PartitionReport before =
          reports
              .computeIfAbsent(subscription, key -> new ConcurrentHashMap<>())
              .put(partition, now);
      return new News(subscription, before == null || StatusPace.turned(before, now));
    } catch (IOException e) {
      LOG.warnf("unreadable report key=%s offset=%d", record.key(), record.offset());
      return new News(subscription, false);
    }
  }

  /**
   * @param turned something else is new than how far it is
   */
  private record News(ObjectKey subscription, boolean turned) {}

  @Override
  public void close() {
    closing = true;
    consumer.wakeup();
    try {
      thread.join(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
