package dev.millrace.catalog.event;

import dev.millrace.catalog.KafkaLogin;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the ends of topics, committed records only. Safe to share between threads; a few consumers
 * are kept, since making one and logging in costs more than the reading.
 */
@Singleton
final class Tail {
  private static final int MOST_CONSUMERS = 6;
  private static final int MOST_IDLE = 2;

  private final Map<String, String> kafka;
  private final Semaphore allowed = new Semaphore(MOST_CONSUMERS, true);
  private final BlockingQueue<Consumer<byte[], byte[]>> idle = new ArrayBlockingQueue<>(MOST_IDLE);

  @Inject
  Tail(KafkaLogin kafka) {
    this(kafka.settings());
  }

  Tail(Map<String, String> kafka) {
    this.kafka = kafka;
  }

  /**
   * What was read in the time that was given.
   *
   * @param complete nothing newer is missing
   * @param records newest first
   */
  record Reading(boolean complete, List<ConsumerRecord<byte[], byte[]>> records) {}

  /**
   * @param perPartition how far back each partition is read at least
   * @param most how many of the newest are kept
   * @throws SourceUnavailable the broker does not answer in that time, or has no such topic
   */
  Reading read(String topic, int perPartition, int most, Duration time) throws SourceUnavailable {
    if (!mayRead(time)) {
      throw new SourceUnavailable("too many are looking at events at this moment", null);
    }
    try {
      Consumer<byte[], byte[]> consumer =
          Optional.ofNullable(idle.poll()).orElseGet(this::consumer);
      boolean kept = false;
      try {
        Reading reading = new TailReading(consumer, topic, most, time).read(perPartition);
        putBack(consumer);
        kept = true;
        return reading;
      } catch (KafkaException e) {
        throw new SourceUnavailable("the topic " + topic + " could not be read", e);
      } finally {
        if (!kept) {
          close(consumer);
        }
      }
    } finally {
      allowed.release();
    }
  }

  private boolean mayRead(Duration time) throws SourceUnavailable {
    try {
      return allowed.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SourceUnavailable("the platform is stopping", e);
    }
  }

  private void putBack(Consumer<byte[], byte[]> consumer) {
    consumer.unsubscribe();
    if (!idle.offer(consumer)) {
      close(consumer);
    }
  }

  private Consumer<byte[], byte[]> consumer() {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50);
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 * 1024 * 1024);
    // A partition that was added, or a topic that was made anew, is seen soon.
    settings.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 10_000);
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static void close(Consumer<byte[], byte[]> consumer) {
    try {
      consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ZERO));
    } catch (KafkaException e) {
      // It is given up because the broker does not answer; there is nothing more to be done.
      return;
    }
  }

  @PreDestroy
  void close() {
    for (Consumer<byte[], byte[]> each = idle.poll(); each != null; each = idle.poll()) {
      close(each);
    }
  }
}
