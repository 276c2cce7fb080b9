package dev.millrace.provisioner;

import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.Topics;
import dev.millrace.api.ask.Answer;
import dev.millrace.api.ask.Ask;
import dev.millrace.api.correction.Correction;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.embedded.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** One real broker for all tests, with the platform's topics, and what a controller does there. */
final class Cluster {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final Cluster SHARED = new Cluster();

  final Admin admin;
  private final EmbeddedKafka kafka;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Map<String, PartitionReport> reports = new ConcurrentHashMap<>();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Map<String, Integer> answered = new ConcurrentHashMap<>();

  static Cluster shared() {
    return SHARED;
  }

  private Cluster() {
    try {
      kafka = EmbeddedKafka.start(Files.createTempDirectory("worker-kafka").resolve("kafka"), 0);
      admin = Admin.create(properties());
      producer = newProducer();
      for (String topic : List.of(Topics.DEFINITIONS, Topics.STATUS, Topics.CORRECTIONS)) {
        createTopic(topic, 1, Map.of("cleanup.policy", "compact"));
      }
      for (String topic : List.of(Topics.REQUESTS, Topics.ANSWERS)) {
        createTopic(topic, 1, Map.of());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().name("test-follow").daemon().start(this::follow);
    Runtime.getRuntime().addShutdownHook(new Thread(kafka::close));
  }

  /** A name that no other test uses. */
  static String name(String word) {
    return word + NAMES.incrementAndGet();
  }

  Map<String, Object> properties() {
    return new HashMap<>(kafka.platformProperties());
  }

  Map<String, Object> properties(Map<String, Object> more) {
    Map<String, Object> all = properties();
    all.putAll(more);
    return all;
  }

  void createTopic(String name, int partitions, Map<String, String> settings) {
    create(new NewTopic(name, partitions, (short) 1).configs(settings));
    // A producer's first batch that comes before the partition does is refused, and its second may
    // be taken: then the first never is. The broker that made a topic need not know it at once.
    try {
      Eventually.holds(() -> ends(name));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A broker that had no processor for a second is fenced, and until it is back none is made. */
  void create(NewTopic topic) {
    long deadline = System.nanoTime() + Duration.ofSeconds(120).toNanos();
    while (true) {
      try {
        done(admin.createTopics(List.of(topic)).all());
        return;
      } catch (IllegalStateException e) {
        boolean fenced =
            e.getCause() instanceof ExecutionException refused
                && refused.getCause() instanceof InvalidReplicationFactorException;
        if (!fenced || System.nanoTime() > deadline) {
          throw e;
        }
      }
    }
  }

  void deleteTopic(String name) {
    done(admin.deleteTopics(List.of(name)).all());
  }

  String topicId(String topic) {
    return done(admin.describeTopics(List.of(topic)).allTopicNames())
        .get(topic)
        .topicId()
        .toString();
  }

  String clusterId() {
    return done(admin.describeCluster().clusterId());
  }

  /** The high watermark of each partition. */
  Map<Integer, Long> ends(String topic) {
    return offsets(topic, org.apache.kafka.clients.admin.OffsetSpec.latest());
  }

  Map<Integer, Long> offsets(String topic, org.apache.kafka.clients.admin.OffsetSpec spec) {
    int partitions =
        done(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic).partitions().size();
    Map<TopicPartition, org.apache.kafka.clients.admin.OffsetSpec> wanted = new HashMap<>();
    for (int partition = 0; partition < partitions; partition++) {
      wanted.put(new TopicPartition(topic, partition), spec);
    }
    Map<Integer, Long> offsets = new TreeMap<>();
    done(admin.listOffsets(wanted).all())
        .forEach((partition, info) -> offsets.put(partition.partition(), info.offset()));
    return offsets;
  }

  /** How many records a reader of the whole partition is given. */
  long count(String topic, int partition) {
    AtomicLong records = new AtomicLong();
    read(topic, partition, record -> records.incrementAndGet());
    return records.get();
  }

  private void read(String topic, int partition, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    TopicPartition where = new TopicPartition(topic, partition);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            properties(Map.of("auto.offset.reset", "earliest")),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(where));
      consumer.seekToBeginning(List.of(where));
      long end = consumer.endOffsets(List.of(where)).get(where);
      while (consumer.position(where) < end) {
        consumer.poll(Duration.ofMillis(200)).forEach(each);
      }
    }
  }

  /** The keys of the records that a reader of the whole partition is given, in their order. */
  List<String> keys(String topic, int partition) {
    List<String> keys = new ArrayList<>();
    read(topic, partition, record -> keys.add(new String(record.key(), StandardCharsets.UTF_8)));
    return keys;
  }

  /** Which member has which partition; none while the group shares them out. */
  Map<TopicPartition, String> owners(String group) {
    ConsumerGroupDescription now =
        done(admin.describeConsumerGroups(List.of(group)).all()).get(group);
    Map<TopicPartition, String> owners = new HashMap<>();
    if (now.groupState() == GroupState.STABLE) {
      now.members()
          .forEach(member ->
              member
                  .assignment()
                  .topicPartitions()
                  .forEach(partition -> owners.put(partition, member.consumerId())));
    }
    return owners;
  }

  void publish(PipelinePlan plan) {
    send(Topics.DEFINITIONS, plan.subscription().toString(), plan);
  }

  void retract(ObjectKey subscription) {
    send(Topics.DEFINITIONS, subscription.toString(), null);
  }

  void correct(Correction correction) {
    send(Topics.CORRECTIONS, correction.recordKey(), correction);
  }

  void ask(Ask ask) {
    send(Topics.REQUESTS, ask.id(), ask);
  }

  Optional<Answer> answer(String id) {
    return Optional.ofNullable(answers.get(id));
  }

  int answers(String id) {
    return answered.getOrDefault(id, 0);
  }

  Optional<PartitionReport> report(ObjectKey subscription, int partition) {
    return Optional.ofNullable(reports.get(subscription + "/" + partition));
  }

  KafkaProducer<byte[], byte[]> producer() {
    return producer;
  }

  /** For a topic made anew: to one that wrote to the topic before, its numbering is broken. */
  KafkaProducer<byte[], byte[]> newProducer() {
    return new KafkaProducer<>(
        properties(Map.of("linger.ms", 5, "acks", "all", "max.request.size", 6 << 20)),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private void send(String topic, String key, @Nullable Object value) {
    try {
      byte[] bytes = value == null ? null : Json.STRICT.writeValueAsBytes(value);
      producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), bytes)).get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void follow() {
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            properties(Map.of("auto.offset.reset", "earliest")),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(
          List.of(new TopicPartition(Topics.STATUS, 0), new TopicPartition(Topics.ANSWERS, 0)));
      while (true) {
        consumer.poll(Duration.ofSeconds(1)).forEach(this::take);
      }
    }
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    try {
      if (record.topic().equals(Topics.ANSWERS)) {
        answered.merge(record.key(), 1, Integer::sum);
        answers.put(record.key(), Json.STRICT.readValue(record.value(), Answer.class));
      } else if (record.value() == null) {
        reports.remove(record.key());
      } else {
        reports.put(record.key(), Json.STRICT.readValue(record.value(), PartitionReport.class));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static <T> T done(org.apache.kafka.common.KafkaFuture<T> future) {
    try {
      return future.get(120, java.util.concurrent.TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
