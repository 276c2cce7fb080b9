package dev.millrace.bench.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads a topic with two threads and looks at nothing: what no pipeline can beat. Its arguments are
 * the file of Kafka's settings, the topic and its number of partitions.
 */
public final class BareConsumer {
  private static final int THREADS = 2;

  private BareConsumer() {}

  public static void main(String... arguments) throws Exception {
    Path kafka = Path.of(arguments[0]);
    int partitions = Integer.parseInt(arguments[2]);
    Signal.awaitGo();
    List<Reading> readings = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Reading reading =
          new Reading(
              kafka,
              arguments[1],
              Log.partitions(partitions * i / THREADS, partitions * (i + 1) / THREADS));
      reading.start();
      readings.add(reading);
    }
    long events = 0;
    for (Reading reading : readings) {
      reading.join();
      events += reading.events;
    }
    Signal.done(" " + events);
  }

  private static final class Reading extends Thread {
    private final Path kafka;
    private final String topic;
    private final List<Integer> partitions;
    private long events;
    private long bytes;

    Reading(Path kafka, String topic, List<Integer> partitions) {
      this.kafka = kafka;
      this.topic = topic;
      this.partitions = partitions;
    }

    @Override
    public void run() {
      try (KafkaConsumer<byte[], byte[]> consumer = Log.consumer(kafka, topic, partitions)) {
        Map<TopicPartition, Long> end = consumer.endOffsets(consumer.assignment());
        consumer.seekToBeginning(consumer.assignment());
        while (!Log.isAt(consumer, end)) {
          for (ConsumerRecord<byte[], byte[]> record :
              consumer.poll(java.time.Duration.ofSeconds(1))) {
            events++;
            bytes += record.value().length;
          }
        }
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
