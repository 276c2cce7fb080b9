package dev.millrace.catalog.event;

import static dev.millrace.catalog.event.Orders.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.embedded.EmbeddedKafka;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.management.ObjectName;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

@Tag("own-broker")
class TailTest {
  private static final Duration TIME = Duration.ofSeconds(60);

  @TempDir static Path directory;
  private static EmbeddedKafka kafka;
  private static Tail tail;
  private static KafkaProducer<byte[], byte[]> writer;

  @BeforeAll
  static void start() {
    kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
    tail = new Tail(kafka.platformProperties());
    writer = producer(Map.of("transactional.id", "writer"));
    writer.initTransactions();
  }

  @AfterAll
  static void stop() {
    tail.close();
    writer.close();
    kafka.close();
  }

  @Test
  void theNewestOfAllPartitionsComeFirst(TestInfo test) throws Exception {
    Topic topic = topic(test, 3);
    write(topic, IntStream.range(0, 300).mapToObj(i -> record(topic, i % 3, 1_000 + i)).toList());

    assertThat(times(tail.read(topic.name(), 5, 5, TIME)))
        .containsExactly(1_299L, 1_298L, 1_297L, 1_296L, 1_295L);
  }

  @Test
  void whoLooksAtWhatIsNotThereLeavesNothingBehind() throws Exception {
    int before = consumers();
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> tail.read("nowhere", 5, 5, TIME))
          .isInstanceOf(SourceUnavailable.class);
    }

    assertThat(consumers()).isLessThanOrEqualTo(before + 1);
  }

  private static int consumers() throws Exception {
    return ManagementFactory.getPlatformMBeanServer()
        .queryNames(new ObjectName("kafka.consumer:type=app-info,*"), null)
        .size();
  }

  @Test
  void anEmptyTopicHasNothing(TestInfo test) throws Exception {
    Tail.Reading reading = tail.read(topic(test, 2).name(), 20, 20, TIME);

    assertThat(reading.complete()).isTrue();
    assertThat(reading.records()).isEmpty();
  }

  @Test
  void offsetsThatHoldNothingArePassedOver(TestInfo test) throws Exception {
    Topic topic = topic(test, 1);
    for (int i = 0; i < 30; i++) {
      transaction(topic, i, true);
    }
    for (int i = 30; i < 50; i++) {
      transaction(topic, i, false);
    }

    assertThat(times(tail.read(topic.name(), 10, 10, TIME)))
        .containsExactly(29L, 28L, 27L, 26L, 25L, 24L, 23L, 22L, 21L, 20L);
  }

  @Test
  void whatIsNotCommittedIsNotSeen(TestInfo test) throws Exception {
    Topic topic = topic(test, 1);
    transaction(topic, 1, true);
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", "open"))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(record(topic, 0, 2)).get();

      assertThat(times(tail.read(topic.name(), 10, 10, TIME))).containsExactly(1L);

      producer.abortTransaction();
    }
  }

  @Test
  void largeRecordsAreLimitedInMemory(TestInfo test) throws Exception {
    Topic topic = topic(test, 1);
    byte[] large = new byte[900_000];
    write(
        topic,
        IntStream.range(0, 30)
            .mapToObj(i -> new ProducerRecord<>(topic.name(), 0, (long) i, utf8("k"), large))
            .toList());

    Tail.Reading reading = tail.read(topic.name(), 500, 500, TIME);

    assertThat(reading.records().size()).isBetween(10, 18);
    assertThat(reading.records().get(0).timestamp()).isEqualTo(29);
  }

  @Test
  void aLookDoesNotWaitOutItsTime(TestInfo test) throws Exception {
    Topic topic = topic(test, 8);
    write(topic, IntStream.range(0, 20_000).mapToObj(i -> record(topic, i % 8, i)).toList());
    tail.read(topic.name(), 20, 20, TIME);

    long start = System.nanoTime();
    tail.read(topic.name(), 20, 20, TIME);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIME.dividedBy(2));
  }

  @Test
  void aTopicThatIsNotThereIsToldInTime() {
    assertThatThrownBy(() -> tail.read("shop.nowhere", 20, 20, Duration.ofSeconds(1)))
        .isInstanceOf(SourceUnavailable.class);
  }

  @Test
  void aBrokerThatIsNotThereIsToldInTime() {
    Tail nowhere = new Tail(Map.of("bootstrap.servers", "127.0.0.1:9"));

    long start = System.nanoTime();
    assertThatThrownBy(() -> nowhere.read("shop.orders", 20, 20, Duration.ofSeconds(1)))
        .isInstanceOf(SourceUnavailable.class);

    // Kafka's own patience is 60 s.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
  }

  private static List<Long> times(Tail.Reading reading) {
    assertThat(reading.complete()).isTrue();
    return reading.records().stream().map(r -> r.timestamp()).toList();
  }

  private static Topic topic(TestInfo test, int partitions) throws Exception {
    return Topic.create(kafka, "tail." + test.getTestMethod().orElseThrow().getName(), partitions);
  }

  private static ProducerRecord<byte[], byte[]> record(Topic topic, int partition, long time) {
    return new ProducerRecord<>(topic.name(), partition, time, utf8("k"), utf8("{}"));
  }

  private static void write(Topic topic, List<ProducerRecord<byte[], byte[]>> records) {
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
      records.forEach(producer::send);
    }
  }

  private static void transaction(Topic topic, long time, boolean commit) throws Exception {
    writer.beginTransaction();
    writer.send(record(topic, 0, time)).get();
    if (commit) {
      writer.commitTransaction();
    } else {
      writer.abortTransaction();
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(kafka.platformProperties());
    settings.putAll(more);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
