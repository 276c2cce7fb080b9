package dev.millrace.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.embedded.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublicationTest {
  private static final int PARTITIONS = 3;
  private static final int HISTORY = 1_000;

  @TempDir private static Path directory;
  private static EmbeddedKafka kafka;

  @BeforeAll
  static void start() {
    kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void aPublicationThatWasCutOffGoesOnUntilTheTopicHoldsTheSequenceOnce() throws Exception {
    create("cut");
    try (Publication first = open("cut", 300)) {
      assertThat(first.publishHistory(passed -> {})).isEqualTo(300);
    }
    try (Publication second = open("cut", HISTORY)) {
      assertThat(second.publishHistory(passed -> {})).isEqualTo(700);
      second.publishNext();
      second.flush();
    }
    try (Publication third = open("cut", HISTORY)) {
      assertThat(third.publishHistory(passed -> {})).isZero();
      third.publishNext();
      third.flush();
      List<String> live = new ArrayList<>();
      third.liveEvents(third.ends(), (number, event) -> live.add(number + " " + event.keyText()));

      assertThat(live).containsExactlyInAnyOrder("0 live0", "1 live1");
    }
    assertThat(records("cut")).hasSize(HISTORY + 2).doesNotHaveDuplicates();
  }

  @Test
  void eventsOfOthersAreToldFromTheDemos() throws Exception {
    create("shared");
    try (Publication ours = open("shared", HISTORY)) {
      ours.publishHistory(passed -> {});
      Map<String, Object> settings = new HashMap<>(kafka.clientProperties());
      try (KafkaProducer<String, String> other =
          new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
        other.send(new ProducerRecord<>("shared", 1, "theirs", "theirs")).get();
      }
      long[] ends = ours.ends();

      assertThatThrownBy(() -> ours.liveEvents(ends, (number, event) -> {}))
          .isInstanceOf(DemoFailed.class)
          .hasMessageContaining("did not publish");
    }
  }

  private static void create(String topic) throws Exception {
    try (Admin admin = Admin.create(new HashMap<String, Object>(kafka.platformProperties()))) {
      admin
          .createTopics(List.of(new NewTopic(topic, Optional.of(PARTITIONS), Optional.empty())))
          .all()
          .get();
    }
    // Waits until every partition is served: else a producer's first batch may be refused and its
    // second taken, and then the first never gets through.
    records(topic);
  }

  private static Publication open(String topic, int until) throws InterruptedException {
    return new Publication(new Numbers(until), topic, kafka.clientProperties());
  }

  private static List<String> records(String topic) {
    Map<String, Object> settings = new HashMap<>(kafka.clientProperties());
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (int partition = 0; partition < PARTITIONS; partition++) {
        partitions.add(new TopicPartition(topic, partition));
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<String> records = new ArrayList<>();
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
          records.add(record.key());
        }
      }
      return records;
    }
  }

  /** The numbers up to a bound: a history of which an earlier run saw only the beginning. */
  private record Numbers(int until) implements Sequence {

    @Override
    public String product() {
      return "numbers";
    }

    @Override
    public long historySize() {
      return until;
    }

    @Override
    public void history(Predicate<byte[]> due, Consumer<Event> take) {
      for (int i = 0; i < until; i++) {
        byte[] key = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
        if (due.test(key)) {
          take.accept(new Event(key, key));
        }
      }
    }

    @Override
    public Event live(long number) {
      return Event.deletion("live" + number);
    }
  }
}
