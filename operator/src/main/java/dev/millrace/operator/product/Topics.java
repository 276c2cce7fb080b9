package dev.millrace.operator.product;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The event store, as far as products need it. */
final class Topics {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Admin admin;

  Topics(Admin admin) {
    this.admin = admin;
  }

  /** A topic as the broker knows it. */
  record Topic(String id, int partitions) {}

  /** It does not answer, or not now. */
  static final class Unavailable extends Exception {
    private static final long serialVersionUID = 1L;

    Unavailable(Throwable cause) {
      super("Kafka does not answer: " + cause.getMessage(), cause);
    }
  }

  /** The broker does not want the topic, and says why. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  Optional<Topic> find(String topic) throws Unavailable {
    try {
      TopicDescription found =
          answer(admin.describeTopics(List.of(topic)).topicNameValues().get(topic));
      return Optional.of(new Topic(found.topicId().toString(), found.partitions().size()));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw new Unavailable(e.getCause());
    }
  }

  /**
   * One that is there already is as good.
   *
   * @param retention how long events are kept; empty for ever
   */
  void create(String topic, int partitions, Optional<Duration> retention)
      throws Unavailable, Refused {
    NewTopic wanted =
        new NewTopic(topic, Optional.of(partitions), Optional.empty())
            .configs(
                Map.of(
                    "cleanup.policy",
                    "delete",
                    "retention.ms",
                    Long.toString(retention.map(Duration::toMillis).orElse(-1L))));
    try {
      answer(admin.createTopics(List.of(wanted)).all());
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case TopicExistsException there -> {
          return;
        }
        case RetriableException passing -> throw new Unavailable(passing);
        case null, default -> throw new Refused(String.valueOf(e.getCause().getMessage()));
      }
    }
  }

  private static <T> T answer(KafkaFuture<T> answer) throws ExecutionException, Unavailable {
    try {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new Unavailable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable(e);
    }
  }
}
