package dev.millrace.standalone.demo;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * A sequence on its way into its topic, from wherever an earlier run left off. Used by one thread:
 * first {@link #publishHistory}, then {@link #publishNext} as often as wanted.
 */
final class Publication implements AutoCloseable {
  private static final int PROGRESS_EVERY = 10_000;

  private final Sequence sequence;
  private final TopicReader topic;
  private final int partitions;
  private final Tally tally;
  private final KafkaProducer<byte[], byte[]> producer;
  private final long[] history;
  private long number;
  private volatile @Nullable Exception failure;

  Publication(Sequence sequence, String topic, Map<String, String> kafka)
      throws InterruptedException {
    this.sequence = sequence;
    this.topic = new TopicReader(topic, kafka);
    long[] there = this.topic.ends();
    this.partitions = there.length;
    this.tally = new Tally(there);
    this.history = new long[partitions];
    this.producer = new KafkaProducer<>(settings(kafka));
  }

  Sequence sequence() {
    return sequence;
  }

  /**
   * @param progress told how many events of the history have been passed
   * @return how many had to be published
   */
  long publishHistory(LongConsumer progress) {
    long[] counts = new long[2]; // passed, published
    sequence.history(
        key -> {
          if (counts[0]++ % PROGRESS_EVERY == 0) {
            progress.accept(counts[0]);
          }
          int partition = partition(key);
          history[partition]++;
          return tally.isDue(partition);
        },
        event -> {
          send(event);
          counts[1]++;
        });
    flush();
    progress.accept(counts[0]);
    return counts[1];
  }

  /** Publishes the next live event that the topic does not hold yet. */
  void publishNext() {
    Event event = sequence.live(number++);
    while (!tally.isDue(partition(event.key()))) {
      event = sequence.live(number++);
    }
    send(event);
  }

  /** Returns once the broker has acknowledged everything. */
  void flush() {
    try {
      producer.flush();
    } catch (InterruptException e) {
      Thread.currentThread().interrupt();
      throw new DemoFailed("interrupted while publishing", e);
    }
    refuseFailure();
  }

  /** Next offsets by partition: what whoever has caught up must have reached. */
  long[] ends() throws InterruptedException {
    return topic.ends();
  }

  /**
   * Hands over the live events that the topic holds, numbered, also those of earlier runs.
   *
   * @throws DemoFailed when a record is not what the sequence says: someone else published too
   */
  void liveEvents(long[] ends, BiConsumer<Long, Event> each) {
    for (int partition = 0; partition < partitions; partition++) {
      liveEvents(partition, ends[partition], each);
    }
  }

  private void liveEvents(int partition, long end, BiConsumer<Long, Event> each) {
    long[] next = {0};
    topic.read(
        partition,
        history[partition],
        end,
        record -> {
          Event event = sequence.live(next[0]);
          while (partition(event.key()) != partition) {
            event = sequence.live(++next[0]);
          }
          if (!event.isIn(record)) {
            throw new DemoFailed(
                "the topic %s holds events that the demo did not publish (partition %d, offset %d):"
                        .formatted(topic.name(), partition, record.offset())
                    + " the demo can only check its own; give it another --data directory");
          }
          each.accept(next[0]++, event);
        });
  }

  private int partition(byte[] key) {
    return Utils.toPositive(Utils.murmur2(key)) % partitions;
  }

  private void send(Event event) {
    refuseFailure();
    try {
      producer.send(
          new ProducerRecord<>(topic.name(), partition(event.key()), event.key(), event.value()),
          (metadata, problem) -> {
            if (problem != null && failure == null) {
              failure = problem;
            }
          });
    } catch (InterruptException e) {
      Thread.currentThread().interrupt();
      throw new DemoFailed("interrupted while publishing", e);
    } catch (KafkaException e) {
      throw new DemoFailed("publishing to " + topic.name() + " failed: " + e.getMessage(), e);
    }
  }

  private void refuseFailure() {
    Exception problem = failure;
    if (problem != null) {
      throw new DemoFailed(
          "publishing to " + topic.name() + " failed: " + problem.getMessage(), problem);
    }
  }

  private static Map<String, Object> settings(Map<String, String> kafka) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    // The order within a partition is what makes a publication resumable: see Tally.
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 32L * 1024 * 1024);
    return settings;
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
    topic.close();
  }
}
