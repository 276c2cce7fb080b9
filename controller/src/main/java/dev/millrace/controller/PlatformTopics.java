package dev.millrace.controller;

import dev.millrace.api.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Makes the platform's own topics, each of one partition: what they carry is small and ordered. */
public final class PlatformTopics {
  private static final String CLEANUP = "cleanup.policy";
  private static final Map<String, String> COMPACTED =
      Map.of(CLEANUP, "compact", "segment.ms", "3600000");
  private static final Map<String, String> SHORT_LIVED =
      Map.of(CLEANUP, "delete", "retention.ms", "3600000", "segment.ms", "600000");

  private PlatformTopics() {}

  /** The message is for whoever starts the platform. */
  public static final class NotMade extends Exception {
    private static final long serialVersionUID = 1L;

    NotMade(String message) {
      super(message);
    }
  }

  /**
   * @param kafka client settings of the platform's own principal
   * @throws NotMade when the broker does not answer or does not permit it
   */
  public static void create(Map<String, ?> kafka) throws NotMade {
    try (Admin admin = Admin.create(new HashMap<>(kafka))) {
      for (NewTopic topic : all()) {
        create(admin, topic);
      }
    }
  }

  /**
   * Looks whether they are there.
   *
   * @param kafka as for {@link #create}
   * @throws NotMade when one is not, or the broker does not answer or does not permit it
   */
  public static void check(Map<String, ?> kafka) throws NotMade {
    List<String> names = all().stream().map(NewTopic::name).toList();
    try (Admin admin = Admin.create(new HashMap<>(kafka))) {
      admin.describeTopics(names).allTopicNames().get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw unseen(String.valueOf(e.getCause()));
    } catch (TimeoutException | KafkaException e) {
      throw unseen(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unseen(e.toString());
    }
  }

  private static List<NewTopic> all() {
    return List.of(
        topic(Topics.DEFINITIONS, COMPACTED),
        topic(Topics.STATUS, COMPACTED),
        topic(Topics.CORRECTIONS, COMPACTED),
        topic(Topics.REQUESTS, SHORT_LIVED),
        topic(Topics.ANSWERS, SHORT_LIVED));
  }

  private static NotMade unseen(String why) {
    return new NotMade(
        "the platform's topics cannot be seen ("
            + why
            + "). Look whether the broker runs and is the one that was named, whether its login is"
            + " right, and whether the operator, which makes them, has begun.");
  }

  private static void create(Admin admin, NewTopic topic) throws NotMade {
    try {
      admin.createTopics(List.of(topic)).all().get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw failed(topic, e.getCause());
      }
      checkForm(admin, topic);
    } catch (TimeoutException e) {
      throw failed(topic, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(topic, e);
    }
  }

  /**
   * A broker that makes topics unasked makes them as it makes all; what the platform has to
   * remember would be deleted after a week, and of several partitions one is read.
   */
  private static void checkForm(Admin admin, NewTopic topic) throws NotMade {
    String wanted = topic.configs().get(CLEANUP);
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    try {
      String cleanup =
          admin
              .describeConfigs(List.of(resource))
              .all()
              .get(20, TimeUnit.SECONDS)
              .get(resource)
              .get(CLEANUP)
              .value();
      int partitions =
          admin
              .describeTopics(List.of(topic.name()))
              .allTopicNames()
              .get(20, TimeUnit.SECONDS)
              .get(topic.name())
              .partitions()
              .size();
      if (!cleanup.equals(wanted) || partitions != topic.numPartitions()) {
        throw new NotMade(
            "the topic "
                + topic.name()
                + " is there with cleanup.policy="
                + cleanup
                + " and "
                + partitions
                + " partitions, and has to have cleanup.policy="
                + wanted
                + " and "
                + topic.numPartitions()
                + ". Somebody else made it, perhaps the broker, unasked: delete it when nothing of"
                + " the platform runs yet, or bring it into that form.");
      }
    } catch (ExecutionException e) {
      // Whoever may not look may use it all the same; and another replica may just be making it.
      if (!(e.getCause() instanceof AuthorizationException
          || e.getCause() instanceof UnknownTopicOrPartitionException)) {
        throw failed(topic, e.getCause());
      }
    } catch (TimeoutException e) {
      throw failed(topic, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(topic, e);
    }
  }

  private static NotMade failed(NewTopic topic, Throwable cause) {
    return new NotMade(
        "Kafka did not create the topic "
            + topic.name()
            + " ("
            + cause.getClass().getSimpleName()
            + "). Look whether the broker runs, whether --kafka names it, and whether this"
            + " principal may create topics.");
  }

  private static NewTopic topic(String name, Map<String, String> settings) {
    // A replication factor of -1 is the broker's own default.
    return new NewTopic(name, Optional.of(1), Optional.empty()).configs(settings);
  }
}
