package dev.millrace.catalog.product;

import dev.millrace.catalog.KafkaLogin;
import dev.millrace.catalog.problem.Refusal;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The event store, as far as products need it: their topics. */
@Singleton
public final class Broker {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Logger LOG = Logger.getLogger(Broker.class);

  private final Admin admin;
  private final Admin creator;

  /** Answered with 503 when it leaves a resource. */
  static final class Unavailable extends Refusal {
    private static final long serialVersionUID = 1L;

    Unavailable() {
      super(
          503,
          "KafkaUnavailable",
          "the event store does not answer",
          "Try again shortly. Whoever runs the platform finds the reason in its log.");
    }
  }

  @Inject
  Broker(KafkaLogin kafka) {
    Map<String, Object> settings = new HashMap<>(kafka.settings());
    settings.put("default.api.timeout.ms", (int) PATIENCE.toMillis());
    settings.put("request.timeout.ms", (int) PATIENCE.toMillis() / 2);
    this.admin = Admin.create(settings);
    // Tried again by the client itself, a topic of ours whose making got no answer would be
    // somebody's.
    settings.put("retries", 0);
    this.creator = Admin.create(settings);
  }

  /** A topic as the broker knows it. */
  record Topic(String id, int partitions) {}

  /** The broker does not want the topic, and says why. */
  static final class TopicRefused extends Exception {
    private static final long serialVersionUID = 1L;

    TopicRefused(String reason) {
      super(reason);
    }
  }

  /**
   * @throws Unavailable no answer in time
   */
  Optional<Topic> find(String topic) {
    return Optional.ofNullable(find(List.of(topic)).get(topic));
  }

  /** Those of the topics that are there. */
  Map<String, Topic> find(Collection<String> topics) {
    Map<String, Topic> found = new HashMap<>();
    Map<String, KafkaFuture<TopicDescription>> answers =
        admin.describeTopics(List.copyOf(topics)).topicNameValues();
    answers.forEach((name, answer) -> {
      try {
        TopicDescription topic = wait(answer);
        found.put(name, new Topic(topic.topicId().toString(), topic.partitions().size()));
      } catch (ExecutionException e) {
        if (!isOfThatTopic(e.getCause())) {
          throw unavailable(e.getCause());
        }
      }
    });
    return found;
  }

  /** It is not there, or not for us: whatever the others are. */
  private static boolean isOfThatTopic(@Nullable Throwable cause) {
    return cause instanceof UnknownTopicOrPartitionException
        || cause instanceof TopicAuthorizationException
        || cause instanceof InvalidTopicException;
  }

  /**
   * @param retention how long events are kept; empty for ever
   * @return its id; empty when a topic of that name is there already
   * @throws Unavailable no answer in time
   */
  Optional<String> create(String topic, int partitions, Optional<Duration> retention)
      throws TopicRefused {
    // A replication factor that is left out is the broker's own default.
    NewTopic wanted =
        new NewTopic(topic, Optional.of(partitions), Optional.empty())
            .configs(
                Map.of(
                    "cleanup.policy",
                    "delete",
                    "retention.ms",
                    Long.toString(retention.map(Duration::toMillis).orElse(-1L))));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        String id = wait(creator.createTopics(List.of(wanted)).topicId(topic)).toString();
        awaitPartitions(topic, partitions);
        return Optional.of(id);
      } catch (ExecutionException e) {
        boolean brokersAway = e.getCause() instanceof InvalidReplicationFactorException;
        if (!brokersAway || System.nanoTime() > deadline) {
          return refused(e.getCause());
        }
        LockSupport.parkNanos(100_000_000);
      }
    }
  }

  /** That there are not brokers enough for the broker's own default passes. */
  private static Optional<String> refused(@Nullable Throwable cause) throws TopicRefused {
    return switch (cause) {
      case TopicExistsException there -> Optional.empty();
      case InvalidReplicationFactorException away -> throw unavailable(away);
      case AuthenticationException ours -> throw unavailable(ours);
      case org.apache.kafka.common.errors.RetriableException passing -> throw unavailable(passing);
      case null, default ->
          throw new TopicRefused(
              cause == null ? "no reason given" : String.valueOf(cause.getMessage()));
    };
  }

  /**
   * The broker that made a topic need not serve it at once. An idempotent producer whose first
   * batch is refused then, and whose second is taken, never gets the first through.
   */
  private void awaitPartitions(String topic, int partitions) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!serves(topic, partitions)) {
      if (System.nanoTime() > deadline) {
        LOG.warnf("topic=%s was made and is not served yet", topic);
        return;
      }
      LockSupport.parkNanos(10_000_000);
    }
  }

  private boolean serves(String topic, int partitions) {
    try {
      offsets(Map.of(topic, new Topic("", partitions)), OffsetSpec.latest());
      return true;
    } catch (Unavailable notYet) {
      return false;
    }
  }

  /** How many offsets each topic spans now. */
  Map<String, Long> events(Map<String, Topic> topics) {
    Map<TopicPartition, Long> begin = offsets(topics, OffsetSpec.earliest());
    Map<TopicPartition, Long> end = offsets(topics, OffsetSpec.latest());
    return end.entrySet().stream()
        .collect(
            Collectors.groupingBy(
                e -> e.getKey().topic(),
                Collectors.summingLong(
                    e -> Math.max(0, e.getValue() - begin.getOrDefault(e.getKey(), 0L)))));
  }

  private Map<TopicPartition, Long> offsets(Map<String, Topic> topics, OffsetSpec spec) {
    Map<TopicPartition, OffsetSpec> wanted =
        topics.entrySet().stream()
            .flatMap(e ->
                java.util.stream.IntStream.range(0, e.getValue().partitions())
                    .mapToObj(p -> new TopicPartition(e.getKey(), p)))
            .collect(Collectors.toMap(Function.identity(), p -> spec));
    try {
      return wait(admin.listOffsets(wanted).all()).entrySet().stream()
          .collect(Collectors.toMap(Map.Entry::getKey, Broker::offset));
    } catch (ExecutionException e) {
      throw unavailable(e.getCause());
    }
  }

  private static long offset(Map.Entry<TopicPartition, ListOffsetsResultInfo> entry) {
    return entry.getValue().offset();
  }

  /** Answers within two seconds or throws. */
  public void ping() throws ExecutionException, InterruptedException, TimeoutException {
    admin.describeCluster().clusterId().get(2, TimeUnit.SECONDS);
  }

  private static <T> T wait(KafkaFuture<T> answer) throws ExecutionException {
    try {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw unavailable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(e);
    }
  }

  private static Unavailable unavailable(Throwable cause) {
    LOG.warnf("kafka unavailable: %s %s", cause.getClass().getSimpleName(), cause.getMessage());
    return new Unavailable();
  }

  @PreDestroy
  void close() {
    admin.close(Duration.ofSeconds(1));
    creator.close(Duration.ofSeconds(1));
  }
}
