package dev.millrace.controller;

import dev.millrace.api.product.DataProductSpec;
import dev.millrace.api.subscription.DataSubscriptionSpec.StartFrom;
import dev.millrace.api.subscription.DataSubscriptionSpec.Until;
import dev.millrace.needs.check.Need;
import dev.millrace.needs.plan.SourceFacts;
import dev.millrace.needs.reconcile.Fault;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What the central event store says of a product's topic, at the moment of planning. */
final class SourceObserver {
  private static final long ANSWER_SECONDS = 15;

  private final Admin admin;

  SourceObserver(Admin admin) {
    this.admin = admin;
  }

  /**
   * @throws SourceFault SourceUnavailable, TopicMissing, AppendOnCompacted, OffsetOutOfRange or
   *     UntilInFuture
   */
  SourceFacts facts(Need need) throws SourceFault {
    return facts(need, true);
  }

  /**
   * Of a pipeline that has a beginning and an end already: what it was asked to begin at may have
   * left the log since, and is nobody's concern any more.
   *
   * @return with neither start nor until
   * @throws SourceFault SourceUnavailable, TopicMissing or AppendOnCompacted
   */
  SourceFacts factsOfNow(Need need) throws SourceFault {
    return facts(need, false);
  }

  private SourceFacts facts(Need need, boolean begins) throws SourceFault {
    String topic = topicOf(need);
    Instant at = Instant.now();
    try {
      TopicDescription description =
          answer(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
      refuseAppend(need, topic);
      List<TopicPartition> partitions =
          IntStream.range(0, description.partitions().size())
              .mapToObj(partition -> new TopicPartition(topic, partition))
              .toList();
      Map<Integer, Long> earliest = offsets(partitions, OffsetSpec.earliest());
      // Read uncommitted on purpose: the last stable offset would hide what an open transaction
      // commits later, and that is history too.
      Map<Integer, Long> highWatermark = offsets(partitions, OffsetSpec.latest());
      return new SourceFacts(
          topic,
          description.topicId().toString(),
          answer(admin.describeCluster().clusterId()),
          partitions.size(),
          begins ? start(need.start(), partitions, earliest, highWatermark) : Map.of(),
          highWatermark,
          at,
          begins && need.until().isPresent()
              ? Optional.of(until(need.until().get(), partitions, highWatermark))
              : Optional.empty());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        throw new SourceFault(
            new Fault(
                "TopicMissing",
                "The topic " + topic + " of product " + need.product() + " is not there",
                "Create the topic again under a new product, or ask who deleted it.",
                true),
            e);
      }
      throw SourceFault.unavailable("looking at topic " + topic, e);
    } catch (TimeoutException e) {
      throw SourceFault.unavailable("looking at topic " + topic, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SourceFault.unavailable("looking at topic " + topic, e);
    }
  }

  /** Who may not read a topic's settings is taken for one whose topic keeps every event. */
  private void refuseAppend(Need need, String topic)
      throws SourceFault, ExecutionException, InterruptedException, TimeoutException {
    if (!need.mode().equals("Append")) {
      return;
    }
    ConfigResource settings = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try {
      Config found = answer(admin.describeConfigs(List.of(settings)).values().get(settings));
      if (found.get(TopicConfig.CLEANUP_POLICY_CONFIG).value().contains("compact")) {
        throw new SourceFault(
            new Fault(
                "AppendOnCompacted",
                "Append keeps every event as a row, and the topic " + topic + " is compacted",
                "Use mode Upsert, or let the topic keep its events (cleanup.policy=delete).",
                false),
            new IllegalArgumentException("cleanup.policy"));
      }
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof AuthorizationException)) {
        throw e;
      }
    }
  }

  /**
   * Where whoever reads only what is committed comes to stand, of these partitions.
   *
   * @throws SourceFault SourceUnavailable
   */
  Map<Integer, Long> committedEnds(String topic, Set<Integer> partitions) throws SourceFault {
    return offsets(topic, partitions, OffsetSpec.latest());
  }

  /**
   * Where the log begins, of these partitions.
   *
   * @throws SourceFault SourceUnavailable
   */
  Map<Integer, Long> beginnings(String topic, Set<Integer> partitions) throws SourceFault {
    return offsets(topic, partitions, OffsetSpec.earliest());
  }

  private Map<Integer, Long> offsets(String topic, Set<Integer> partitions, OffsetSpec which)
      throws SourceFault {
    try {
      Map<TopicPartition, OffsetSpec> wanted =
          partitions.stream()
              .collect(
                  Collectors.toMap(
                      partition -> new TopicPartition(topic, partition), partition -> which));
      return byPartition(
          answer(
              admin
                  .listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                  .all()));
    } catch (ExecutionException | TimeoutException e) {
      throw SourceFault.unavailable("looking at topic " + topic, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SourceFault.unavailable("looking at topic " + topic, e);
    }
  }

  private Map<Integer, Long> start(
      StartFrom from,
      List<TopicPartition> partitions,
      Map<Integer, Long> earliest,
      Map<Integer, Long> end)
      throws SourceFault, ExecutionException, InterruptedException, TimeoutException {
    return switch (Objects.requireNonNull(from.type())) {
      case "Now" -> end;
      case "Timestamp" ->
          atTimestamp(partitions, Objects.requireNonNull(from.timestamp()).toEpochMilli(), end);
      case "Offsets" -> given(Objects.requireNonNull(from.offsets()), earliest, end);
      default -> earliest;
    };
  }

  private Map<Integer, Long> until(
      Until until, List<TopicPartition> partitions, Map<Integer, Long> end)
      throws SourceFault, ExecutionException, InterruptedException, TimeoutException {
    if (until.timestamp() != null) {
      if (until.timestamp().isAfter(Instant.now())) {
        throw new SourceFault(
            new Fault(
                "UntilInFuture",
                "spec.until.timestamp " + until.timestamp() + " is not past yet",
                "Wait until then, or name an earlier time: what ends there must have been said.",
                true),
            new IllegalArgumentException("until"));
      }
      return atTimestamp(partitions, until.timestamp().toEpochMilli(), end);
    }
    Map<Integer, Long> ends = new HashMap<>(end);
    for (Map.Entry<String, Long> each : Objects.requireNonNull(until.offsets()).entrySet()) {
      int partition = Integer.parseInt(each.getKey());
      if (!end.containsKey(partition)) {
        throw new SourceFault(
            new Fault(
                "OffsetOutOfRange",
                "spec.until.offsets: partition " + partition + " does not exist",
                "Name partitions that the topic has: 0 to " + (end.size() - 1) + ".",
                false),
            new IllegalArgumentException("partition"));
      }
      ends.put(partition, each.getValue());
    }
    return ends;
  }

  private Map<Integer, Long> atTimestamp(
      List<TopicPartition> partitions, long timestamp, Map<Integer, Long> end)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<Integer, Long> found = offsets(partitions, OffsetSpec.forTimestamp(timestamp));
    Map<Integer, Long> start = new HashMap<>();
    // Kafka says -1 when no record is that young: then begin with the next one.
    found.forEach((partition, at) -> start.put(partition, at < 0 ? end.get(partition) : at));
    return start;
  }

  private static Map<Integer, Long> given(
      Map<String, Long> wanted, Map<Integer, Long> earliest, Map<Integer, Long> end)
      throws SourceFault {
    Map<Integer, Long> start = new HashMap<>(earliest);
    for (Map.Entry<String, Long> entry : wanted.entrySet()) {
      int partition = Integer.parseInt(entry.getKey());
      long offset = entry.getValue();
      Long low = earliest.get(partition);
      if (low == null || offset < low || offset > end.get(partition)) {
        throw new SourceFault(
            new Fault(
                "OffsetOutOfRange",
                "spec.startFrom.offsets: partition "
                    + partition
                    + (low == null
                        ? " does not exist"
                        : " holds " + low + " to " + end.get(partition) + ", not " + offset),
                "Name offsets that the topic still holds.",
                false),
            new IllegalArgumentException("offset"));
      }
      start.put(partition, offset);
    }
    return start;
  }

  private Map<Integer, Long> offsets(List<TopicPartition> partitions, OffsetSpec spec)
      throws ExecutionException, InterruptedException, TimeoutException {
    return byPartition(
        answer(
            admin
                .listOffsets(partitions.stream().collect(Collectors.toMap(p -> p, p -> spec)))
                .all()));
  }

  private static Map<Integer, Long> byPartition(Map<TopicPartition, ListOffsetsResultInfo> answer) {
    return answer.entrySet().stream()
        .collect(Collectors.toMap(e -> e.getKey().partition(), e -> e.getValue().offset()));
  }

  private static <T> T answer(KafkaFuture<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(ANSWER_SECONDS, TimeUnit.SECONDS);
  }

  private static String topicOf(Need need) {
    DataProductSpec.Topic topic = need.productSpec().topic();
    return topic != null && topic.name() != null
        ? topic.name()
        : need.product().tenant() + "." + need.product().name();
  }
}
