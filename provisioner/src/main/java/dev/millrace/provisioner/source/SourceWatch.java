package dev.millrace.provisioner.source;

import dev.millrace.api.plan.PipelinePlan;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jboss.logging.Logger;

/**
 * Looks at topics from beside the reading: whether they are still those of the plan, and where
 * their logs end. The end is the high watermark, which an open transaction does not hide.
 */
public final class SourceWatch implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(SourceWatch.class);
  private static final Duration EVERY = Duration.ofMillis(500);
  private static final Duration SILENT = Duration.ofSeconds(6);
  private static final int LOOKS_FOR_EACH_IDENTITY = 4;
  private static final int PATIENCE_SECONDS = 6;
  private static final int HALVINGS = 6;

  private final Admin admin;
  private final Runnable changed;
  private final Thread thread;
  private final Map<TopicPartition, Long> ends = new ConcurrentHashMap<>();
  private final Map<TopicPartition, Long> heardAt = new ConcurrentHashMap<>();
  private final Map<TopicPartition, Growth> growths = new ConcurrentHashMap<>();
  private final Map<String, TopicSeen> seen = new ConcurrentHashMap<>();
  private final Map<String, Duration> deletionsKept = new ConcurrentHashMap<>();
  private volatile Set<String> topics = Set.of();
  private volatile Set<TopicPartition> partitions = Set.of();
  private volatile boolean closing;

  /**
   * @param changed a topic came, went or became another; from the watch's own thread
   */
  public SourceWatch(Clients clients, Runnable changed) {
    this.admin = clients.admin();
    this.changed = changed;
    this.thread = Thread.ofPlatform().name("worker-source-watch").daemon().unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** What to look at from now on. */
  public void watch(Set<String> topicsToWatch, Set<TopicPartition> partitionsToWatch) {
    topics = Set.copyOf(topicsToWatch);
    partitions = Set.copyOf(partitionsToWatch);
    ends.keySet().retainAll(partitions);
    heardAt.keySet().retainAll(partitions);
    growths.keySet().retainAll(partitions);
    seen.keySet().retainAll(topics);
    deletionsKept.keySet().retainAll(topics);
  }

  /** The log's end as it was seen last; -1 before the first look. */
  public long end(TopicPartition partition) {
    return ends.getOrDefault(partition, -1L);
  }

  /**
   * Asks the cluster where a log ends now.
   *
   * @throws SourceProblem SourceUnavailable, SourceForbidden or TopicMissing
   */
  long endNow(TopicPartition partition) throws SourceProblem {
    return offset(partition, OffsetSpec.latest());
  }

  /**
   * Asks the cluster for the first offset that is still there.
   *
   * @throws SourceProblem SourceUnavailable, SourceForbidden or TopicMissing
   */
  public long beginning(String topic, int partition) throws SourceProblem {
    return offset(new TopicPartition(topic, partition), OffsetSpec.earliest());
  }

  /** How long a compacted topic keeps deletions; empty for one that is not compacted. */
  public Optional<Duration> deletionsKept(String topic) {
    return Optional.ofNullable(deletionsKept.get(topic));
  }

  /**
   * The same, of now. Who may not read a topic's settings is told that it is not compacted.
   *
   * @throws SourceProblem SourceUnavailable or TopicMissing
   */
  public Optional<Duration> deletionsKeptNow(String topic) throws SourceProblem {
    ConfigResource settings = settings(topic);
    try {
      learn(topic, answer(topic, admin.describeConfigs(List.of(settings)).values().get(settings)));
    } catch (SourceProblem e) {
      if (!e.code().equals("SourceForbidden")) {
        throw e;
      }
      LOG.warnf("settings may not be read, taken for not compacted topic=%s", topic);
    }
    return deletionsKept(topic);
  }

  /** What stands at this offset was published after this time, by what this watch saw. */
  public Instant notBefore(TopicPartition partition, long offset) {
    Growth growth = growths.get(partition);
    return growth == null ? Instant.EPOCH : growth.notBefore(offset);
  }

  /**
   * The same by what the cluster knows: nothing stands there yet, or what stands before it has a
   * time, which is looked for within this long before now.
   */
  public Instant notBefore(TopicPartition partition, long offset, Duration within)
      throws SourceProblem {
    Instant now = Instant.now();
    if (endNow(partition) <= offset) {
      return now;
    }
    Instant known = Instant.EPOCH;
    Instant tried = now.minus(within);
    Duration step = within;
    for (int i = 0; i < HALVINGS; i++) {
      long first = offset(partition, OffsetSpec.forTimestamp(tried.toEpochMilli()));
      boolean stoodBefore = first >= 0 && first < offset;
      if (!stoodBefore && i == 0) {
        return Instant.EPOCH;
      }
      known = stoodBefore ? tried : known;
      step = step.dividedBy(2);
      tried = stoodBefore ? tried.plus(step) : tried.minus(step);
    }
    return known;
  }

  /** It was heard of once, but not for a while. */
  public boolean isSilent(TopicPartition partition) {
    Long heard = heardAt.get(partition);
    return heard != null && System.nanoTime() - heard > SILENT.toNanos();
  }

  /** The last look found no such topic. */
  public boolean isMissing(String topic) {
    TopicSeen found = seen.get(topic);
    return found != null && found.isMissing();
  }

  /**
   * Asks the cluster now.
   *
   * @throws SourceProblem SourceUnavailable, SourceForbidden, TopicMissing or SourceRecreated
   */
  public void verify(String topic, String topicId) throws SourceProblem {
    ask(topic, topicId);
  }

  /**
   * The same, and whether it has more partitions than the plan knows.
   *
   * @throws SourceProblem KeyOrderAtRisk too
   */
  public void verify(PipelinePlan.Source source) throws SourceProblem {
    int partitions = ask(source.topic(), source.topicId()).partitions();
    if (partitions > source.partitions()) {
      throw SourceProblem.morePartitions(source.topic(), source.partitions(), partitions);
    }
  }

  private TopicSeen ask(String topic, String topicId) throws SourceProblem {
    TopicSeen found =
        seen(answer(topic, admin.describeTopics(List.of(topic)).topicNameValues().get(topic)));
    if (!found.id().equals(topicId)) {
      throw SourceProblem.recreated(topic, topicId, found.id());
    }
    return found;
  }

  private static TopicSeen seen(TopicDescription topic) {
    return new TopicSeen(topic.topicId().toString(), topic.partitions().size());
  }

  /** The topics as the last look found them. */
  public Map<String, TopicSeen> topics() {
    return Map.copyOf(seen);
  }

  /**
   * Why an offset cannot be read: it is gone, it is not there yet, or the topic is another.
   *
   * @return to be thrown
   */
  public SourceProblem outOfRange(TopicPartition where, String topicId, long wanted)
      throws SourceProblem {
    verify(where.topic(), topicId);
    long earliest = offset(where, OffsetSpec.earliest());
    long end = offset(where, OffsetSpec.latest());
    if (wanted < earliest) {
      return SourceProblem.lost(where.topic(), where.partition(), wanted, earliest);
    }
    return SourceProblem.truncated(
        where.topic(), where.partition(), wanted, "and the log ends at " + end);
  }

  /** The log after the last applied record is not the one it was read from. */
  public SourceProblem diverged(TopicPartition where, String topicId, long wanted)
      throws SourceProblem {
    verify(where.topic(), topicId);
    return SourceProblem.truncated(
        where.topic(), where.partition(), wanted, "and another leader has written over them since");
  }

  /** What a failure means that says nothing of a topic. */
  public static SourceProblem explain(KafkaException e) {
    return SourceProblem.unavailable("reading events", e);
  }

  /** What a consumer's failure means. */
  public static SourceProblem explain(String topic, KafkaException e) {
    return e instanceof AuthorizationException
        ? SourceProblem.forbidden(topic)
        : SourceProblem.unavailable("reading topic " + topic, e);
  }

  private long offset(TopicPartition where, OffsetSpec spec) throws SourceProblem {
    return answer(where.topic(), admin.listOffsets(Map.of(where, spec)).partitionResult(where))
        .offset();
  }

  private static <T> T answer(String topic, KafkaFuture<T> future) throws SourceProblem {
    String doing = "looking at topic " + topic;
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        throw SourceProblem.missing(topic);
      }
      if (e.getCause() instanceof AuthorizationException) {
        throw SourceProblem.forbidden(topic);
      }
      throw SourceProblem.unavailable(doing, e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw SourceProblem.unavailable(doing, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SourceProblem.unavailable(doing, e);
    }
  }

  private void run() {
    for (int look = 0; !closing; look++) {
      try {
        lookAtEnds();
        if (look % LOOKS_FOR_EACH_IDENTITY == 0) {
          lookAtIdentities();
          lookAtSettings();
        }
        Thread.sleep(EVERY);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.warnf("looking at topics failed, goes on: %s", e.toString());
      }
    }
  }

  private void lookAtEnds() throws InterruptedException {
    Map<TopicPartition, OffsetSpec> wanted =
        partitions.stream()
            .filter(partition -> !isMissing(partition.topic()))
            .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
    if (wanted.isEmpty()) {
      return;
    }
    Instant asked = Instant.now();
    ListOffsetsResult result = admin.listOffsets(wanted);
    for (TopicPartition partition : wanted.keySet()) {
      try {
        long end =
            result.partitionResult(partition).get(PATIENCE_SECONDS, TimeUnit.SECONDS).offset();
        ends.put(partition, end);
        growths.computeIfAbsent(partition, none -> new Growth()).ended(end, asked);
        heardAt.put(partition, System.nanoTime());
      } catch (ExecutionException | TimeoutException e) {
        LOG.debugf("no end of partition=%s: %s", partition, e.toString());
      }
    }
  }

  private void lookAtIdentities() throws InterruptedException {
    Map<String, TopicSeen> before = Map.copyOf(seen);
    Map<String, KafkaFuture<TopicDescription>> result = new HashMap<>();
    if (!topics.isEmpty()) {
      result.putAll(admin.describeTopics(topics).topicNameValues());
    }
    for (Map.Entry<String, KafkaFuture<TopicDescription>> each : result.entrySet()) {
      try {
        seen.put(each.getKey(), seen(each.getValue().get(PATIENCE_SECONDS, TimeUnit.SECONDS)));
      } catch (ExecutionException e) {
        if (e.getCause() instanceof UnknownTopicOrPartitionException) {
          seen.put(each.getKey(), TopicSeen.MISSING);
        }
      } catch (TimeoutException e) {
        LOG.debugf("no identity of topic=%s: %s", each.getKey(), e.toString());
      }
    }
    if (!before.equals(seen)) {
      changed.run();
    }
  }

  private void lookAtSettings() throws InterruptedException {
    Map<ConfigResource, KafkaFuture<Config>> result =
        admin.describeConfigs(topics.stream().map(SourceWatch::settings).toList()).values();
    for (Map.Entry<ConfigResource, KafkaFuture<Config>> each : result.entrySet()) {
      String topic = each.getKey().name();
      try {
        learn(topic, each.getValue().get(PATIENCE_SECONDS, TimeUnit.SECONDS));
      } catch (ExecutionException | TimeoutException e) {
        LOG.debugf("no settings of topic=%s: %s", topic, e.toString());
      }
    }
  }

  private void learn(String topic, Config settings) {
    if (settings.get(TopicConfig.CLEANUP_POLICY_CONFIG).value().contains("compact")) {
      String kept = settings.get(TopicConfig.DELETE_RETENTION_MS_CONFIG).value();
      deletionsKept.put(topic, Duration.ofMillis(Long.parseLong(kept)));
    } else {
      deletionsKept.remove(topic);
    }
  }

  private static ConfigResource settings(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }

  @Override
  public void close() {
    closing = true;
    thread.interrupt();
    admin.close(Duration.ofMillis(500));
  }
}
