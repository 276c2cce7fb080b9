package dev.millrace.catalog.tail;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One of the platform's topics, which have one partition each, read by a thread of its own. A
 * broker that is away is waited for.
 */
public final class TopicTail implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(TopicTail.class);

  private final Map<String, Object> settings;
  private final TopicPartition partition;
  private final boolean fromBeginning;
  private final Consumer<ConsumerRecord<String, byte[]>> taker;
  private final CountDownLatch placed = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean closing;
  private volatile @Nullable KafkaConsumer<String, byte[]> reading;

  private TopicTail(
      Map<String, String> kafka,
      String topic,
      boolean fromBeginning,
      Consumer<ConsumerRecord<String, byte[]>> taker) {
    this.settings = new HashMap<>(kafka);
    this.settings.put("auto.offset.reset", fromBeginning ? "earliest" : "latest");
    this.settings.put("enable.auto.commit", false);
    // Whoever makes the platform's topics says how they are.
    this.settings.put("allow.auto.create.topics", false);
    this.settings.put("default.api.timeout.ms", 5000);
    this.partition = new TopicPartition(topic, 0);
    this.fromBeginning = fromBeginning;
    this.taker = taker;
    this.thread = Thread.ofPlatform().daemon().name("catalog-" + topic).unstarted(this::run);
  }

  /**
   * @param taker called for each record from one thread; must not throw
   */
  public static TopicTail fromBeginning(
      Map<String, String> kafka, String topic, Consumer<ConsumerRecord<String, byte[]>> taker) {
    return new TopicTail(kafka, topic, true, taker);
  }

  /** As {@link #fromBeginning}, for what is written from now on. */
  public static TopicTail fromEnd(
      Map<String, String> kafka, String topic, Consumer<ConsumerRecord<String, byte[]>> taker) {
    return new TopicTail(kafka, topic, false, taker);
  }

  public void start() {
    thread.start();
  }

  /** Waits until everything written from now on will be seen. */
  public boolean awaitPlaced(Duration patience) throws InterruptedException {
    return placed.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void run() {
    KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    try {
      consumer.assign(List.of(partition));
      reading = consumer;
      while (!closing) {
        read(consumer);
      }
    } finally {
      // It belongs to no group: there is nobody to take leave of, and no fetch to wait for.
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
  }

  private void read(KafkaConsumer<String, byte[]> consumer) {
    try {
      if (placed.getCount() > 0) {
        place(consumer);
      }
      consumer.poll(Duration.ofMillis(500)).forEach(taker);
    } catch (WakeupException e) {
      LOG.debug("woken to close");
    } catch (KafkaException e) {
      LOG.warnf("reading topic=%s failed and goes on: %s", partition.topic(), e.getMessage());
      pause();
    }
  }

  private void place(KafkaConsumer<String, byte[]> consumer) {
    if (fromBeginning) {
      consumer.seekToBeginning(List.of(partition));
    } else {
      consumer.seekToEnd(List.of(partition));
    }
    // Seeking is lazy: asking where it stands makes it true.
    consumer.position(partition);
    placed.countDown();
  }

  private void pause() {
    try {
      for (int i = 0; i < 10 && !closing; i++) {
        Thread.sleep(Duration.ofMillis(100));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closing = true;
    KafkaConsumer<String, byte[]> consumer = reading;
    if (consumer != null) {
      consumer.wakeup();
    }
    try {
      thread.join(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
