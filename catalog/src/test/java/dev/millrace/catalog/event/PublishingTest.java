package dev.millrace.catalog.event;

import static dev.millrace.catalog.event.Orders.event;
import static dev.millrace.catalog.event.Orders.order;
import static dev.millrace.catalog.event.Orders.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.millrace.api.problem.Finding;
import dev.millrace.embedded.EmbeddedKafka;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

@Tag("own-broker")
class PublishingTest {
  @TempDir static Path directory;
  private static EmbeddedKafka kafka;
  private static Publisher publisher;

  @BeforeAll
  static void start() {
    kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
    publisher = new Publisher(kafka.platformProperties(), Duration.ofSeconds(120));
  }

  @AfterAll
  static void stop() {
    publisher.close();
    kafka.close();
  }

  @Test
  void aBatchIsInTheTopicWhenItIsAnswered(TestInfo test) throws Exception {
    Topic topic = topic(test, 4);
    String batch = "[" + event("a", order("1")) + ",\n " + event("b", order("2")) + "]";

    Receipt receipt = intake(topic, true).batch(utf8(batch));

    assertThat(receipt.accepted()).isEqualTo(2);
    assertThat(receipt.refused()).isEmpty();
    assertThat(topic.records())
        .extracting(r -> new String(r.key()), r -> r.partition(), r -> r.offset())
        .containsExactlyInAnyOrder(
            tuple("1", receipt.events().get(0).partition(), receipt.events().get(0).offset()),
            tuple("2", receipt.events().get(1).partition(), receipt.events().get(1).offset()));
    assertThat(topic.contents()).contains("1=" + order("1"));
  }

  @Test
  void anEmptyBatchOrBulkIsAccepted(TestInfo test) throws Exception {
    Topic topic = topic(test, 1);

    assertThat(intake(topic, true).batch(utf8(" [ ] ")).accepted()).isZero();
    assertThat(bulk(topic, "\n\n").accepted()).isZero();
  }

  @Test
  void aBatchThatIsNoArrayPublishesNothing(TestInfo test) throws Exception {
    Topic topic = topic(test, 1);
    String good = event("a", order("1"));

    for (String body :
        List.of("", good, "[" + good, "[" + good + ",", "[" + good + "] x", "[" + good + ",}]")) {
      assertThatThrownBy(() -> intake(topic, true).batch(utf8(body)))
          .isInstanceOf(EventRefused.class);
    }

    assertThat(topic.records()).isEmpty();
  }

  @Test
  void brokenLinesOfABulkAreNamedAndTheRestIsAccepted(TestInfo test) throws Exception {
    Topic topic = topic(test, 2);
    String body =
        event("a", order("1"))
            + "\n{broken\n\n"
            + event("c", "{\"orderId\":\"3\"}")
            + "\n"
            + "x".repeat(2_000_000)
            + "\n[]\n"
            + event("f", order("6"));

    Receipt receipt = bulk(topic, body);

    assertThat(receipt.accepted()).isEqualTo(2);
    assertThat(receipt.events()).isNull();
    assertThat(receipt.refused())
        .extracting(
            Receipt.Refusal::index,
            Receipt.Refusal::line,
            Receipt.Refusal::id,
            r -> r.errors().get(0).code())
        .containsExactly(
            tuple(1L, 2L, null, "MalformedJson"),
            tuple(2L, 4L, "c", "Missing"),
            tuple(3L, 5L, null, "EventTooLarge"),
            tuple(4L, 6L, null, "NotCloudEvent"));
    assertThat(topic.contents()).containsExactlyInAnyOrder("1=" + order("1"), "6=" + order("6"));
  }

  @Test
  void anElementOfABatchThatIsTooLargeIsNamed(TestInfo test) throws Exception {
    Topic topic = topic(test, 1);
    String large = "{\"orderId\":\"1\",\"total\":1,\"note\":\"" + "x".repeat(1_048_576) + "\"}";

    Receipt receipt =
        intake(topic, true)
            .batch(utf8("[" + event("a", large) + "," + event("b", order("2")) + "]"));

    assertThat(receipt.accepted()).isEqualTo(1);
    assertThat(receipt.refused())
        .extracting(r -> r.errors().get(0).code())
        .containsExactly("EventTooLarge");
  }

  @Test
  void theListOfRefusalsEndsSomewhereAndSaysHowManyThereAre(TestInfo test) throws Exception {
    Topic topic = topic(test, 1);

    Receipt receipt = bulk(topic, "x\n".repeat(2_500));

    assertThat(receipt.refused()).hasSize(1_000);
    assertThat(receipt.refusedInAll()).isEqualTo(2_500);
  }

  @Test
  void theEventsOfOneKeyKeepTheirOrder(TestInfo test) throws Exception {
    Topic topic = topic(test, 3);
    String body =
        IntStream.range(0, 20_000)
            .mapToObj(i -> event("e" + i, "{\"orderId\":\"" + i % 7 + "\",\"total\":" + i + "}"))
            .collect(Collectors.joining("\n"));

    bulk(topic, body);

    Map<String, List<Long>> byKey =
        topic.contents().stream()
            .collect(
                Collectors.groupingBy(
                    text -> text.substring(0, text.indexOf('=')),
                    Collectors.mapping(
                        text -> Long.parseLong(text.replaceAll(".*total\":(\\d+)}", "$1")),
                        Collectors.toList())));
    assertThat(byKey).hasSize(7);
    assertThat(byKey.values())
        .allSatisfy(totals -> assertThat(totals).hasSizeGreaterThan(2_800).isSorted());
  }

  @Test
  void anEventTooLargeForTheTopicIsRefusedAndTheRestAccepted(TestInfo test) throws Exception {
    Topic topic = Topic.create(kafka, name(test), 1, Map.of("max.message.bytes", "200000"));
    // Random text, which no compression makes smaller.
    String noise =
        new Random(1)
            .ints(600_000, 'a', 'z')
            .mapToObj(c -> String.valueOf((char) c))
            .collect(Collectors.joining());

    Receipt receipt =
        bulk(
            topic,
            event("a", order("1"))
                + "\n"
                + event("b", "{\"orderId\":\"2\",\"total\":1,\"note\":\"" + noise + "\"}"));

    assertThat(receipt.accepted()).isEqualTo(1);
    assertThat(receipt.refused())
        .singleElement()
        .satisfies(r -> assertThat(r.id()).isEqualTo("b"))
        .satisfies(
            r -> assertThat(r.errors()).extracting(Finding::code).containsExactly("EventTooLarge"));
  }

  /** A real broker cannot be told when to answer; Kafka's own double can. */
  @Test
  void readingStopsWhileTheBrokerDoesNotAnswerAndGoesOnWhenItDoes() throws Exception {
    try (MockProducer<byte[], byte[]> silent =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Publishing publishing = new Publishing(silent, new Outcome(false), Duration.ofSeconds(120));
      EventStream body = new EventStream(16_000, 1_000);

      Future<Receipt> receipt =
          thread.submit(
              () -> new Intake(Admission.to("t", Orders.product(false)), publishing).bulk(body));
      await(() -> publishing.inFlight() > Publishing.MOST_IN_FLIGHT - 2_000 || receipt.isDone());
      assertThat(receipt).isNotDone();

      assertThat(body.bytesRead()).isLessThan(Publishing.MOST_IN_FLIGHT + 200_000L);
      await(() -> {
        assertThat(publishing.inFlight()).isLessThanOrEqualTo(Publishing.MOST_IN_FLIGHT);
        silent.completeNext();
        return receipt.isDone();
      });
      assertThat(receipt.get().accepted()).isEqualTo(16_000);
    }
  }

  @Test
  void aBrokerThatIsGoneIsToldInBoundedTimeWithWhatWasAccepted() throws Exception {
    EmbeddedKafka mortal = EmbeddedKafka.start(directory.resolve("mortal"), 0);
    Topic topic = Topic.create(mortal, "shop.mortal", 2);
    try (Publisher impatient = new Publisher(mortal.platformProperties(), Duration.ofSeconds(5))) {
      awaitTaken(topic, impatient);
      Publishing publishing = impatient.begin(false);
      EventStream body = new EventStream(200_000, 200);
      body.onRead(read -> {
        if (publishing.outcome().countAccepted() > 1_000) {
          mortal.close();
        }
      });

      long start = System.nanoTime();
      assertThatThrownBy(() -> new Intake(admission(topic), publishing).bulk(body))
          .isInstanceOf(SourceUnavailable.class)
          .hasMessageMatching("\\d{4,} events were accepted before .* has the index \\d{4,}");
      // Kafka's own patience is 120 s.
      assertThat(System.nanoTime() - start).isLessThan(60_000_000_000L);
      assertThatThrownBy(() ->
              new Intake(admission(topic), impatient.begin(true))
                  .structured(utf8(event("a", order("1")))))
          .isInstanceOf(SourceUnavailable.class)
          .hasMessageStartingWith("0 events were accepted");
    }
  }

  /** Logged in and with an event through, so that what follows is not refused for being slow. */
  private static void awaitTaken(Topic topic, Publisher publisher) throws Exception {
    for (boolean taken = false; !taken; ) {
      try {
        new Intake(admission(topic), publisher.begin(true))
            .structured(utf8(event("first", order("1"))));
        taken = true;
      } catch (SourceUnavailable notYet) {
        continue;
      }
    }
  }

  @Test
  void aTopicThatIsGoneIsToldInBoundedTime() throws Exception {
    try (Publisher impatient = new Publisher(kafka.platformProperties(), Duration.ofSeconds(1))) {
      Admission nowhere = Admission.to("shop.nowhere", Orders.product(false));

      assertThatThrownBy(() ->
              new Intake(nowhere, impatient.begin(true)).structured(utf8(event("a", order("1")))))
          .isInstanceOf(SourceUnavailable.class);
    }
  }

  private static Receipt bulk(Topic topic, String body) throws Exception {
    return intake(topic, false).bulk(new ByteArrayInputStream(utf8(body)));
  }

  private static Intake intake(Topic topic, boolean positions) throws SchemaUnusable {
    return new Intake(admission(topic), publisher.begin(positions));
  }

  private static Admission admission(Topic topic) throws SchemaUnusable {
    return Admission.to(topic.name(), Orders.product(false));
  }

  private static Topic topic(TestInfo test, int partitions) throws Exception {
    return Topic.create(kafka, name(test), partitions);
  }

  private static String name(TestInfo test) {
    return "shop." + test.getTestMethod().orElseThrow().getName();
  }

  private static void await(BooleanSupplier condition) {
    long giveUp = System.nanoTime() + 120_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("given up waiting").isLessThan(giveUp);
      Thread.onSpinWait();
    }
  }
}
