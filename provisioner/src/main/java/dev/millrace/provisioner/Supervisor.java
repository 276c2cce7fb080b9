package dev.millrace.provisioner;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.Topics;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.provisioner.pipeline.Equipment;
import dev.millrace.provisioner.pipeline.Pipeline;
import dev.millrace.provisioner.pipeline.Work;
import dev.millrace.provisioner.report.StatusBoard;
import dev.millrace.provisioner.source.SourceWatch;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * Gives each pipeline its work: what the plans want, over the partitions that the group says are
 * ours. Called from any thread; returns at once.
 */
final class Supervisor {
  /** Whoever owns it speaks for what nobody can own. */
  private static final TopicPartition SPEAKER = new TopicPartition(Topics.REQUESTS, 0);

  private final Equipment equipment;
  private final StatusBoard board;
  private final SourceWatch source;
  private final Map<ObjectKey, Pipeline> pipelines = new HashMap<>();
  private Map<ObjectKey, PipelinePlan> plans = Map.of();
  private Set<TopicPartition> owned = Set.of();
  private boolean closed;

  Supervisor(Equipment equipment) {
    this.equipment = equipment;
    this.board = equipment.board();
    this.source = equipment.source();
  }

  synchronized void plans(Map<ObjectKey, PipelinePlan> now) {
    Map<ObjectKey, PipelinePlan> before = plans;
    plans = now;
    before.values().stream()
        .filter(plan -> !now.containsKey(plan.subscription()))
        .forEach(this::retract);
    arrange();
  }

  synchronized void owned(Set<TopicPartition> now) {
    owned = now;
    arrange();
  }

  /** A topic came, went or became another. */
  synchronized void sourceChanged() {
    arrange();
  }

  synchronized Optional<PipelinePlan> plan(ObjectKey subscription) {
    return Optional.ofNullable(plans.get(subscription));
  }

  /** The topics to share by the group: those that are there, and people's questions. */
  synchronized Set<String> topics() {
    Set<String> topics =
        plans.values().stream()
            .map(plan -> plan.source().topic())
            .filter(topic -> !source.isMissing(topic))
            .collect(Collectors.toCollection(HashSet::new));
    topics.add(Topics.REQUESTS);
    return topics;
  }

  private void arrange() {
    if (closed) {
      return;
    }
    for (PipelinePlan plan : plans.values()) {
      SortedSet<Integer> mine = mine(plan);
      if (!mine.isEmpty()) {
        pipelines.computeIfAbsent(plan.subscription(), this::begun);
      }
      Pipeline pipeline = pipelines.get(plan.subscription());
      if (pipeline != null) {
        pipeline.assign(mine.isEmpty() ? Optional.empty() : Optional.of(new Work(plan, mine)));
      }
    }
    source.watch(
        plans.values().stream().map(plan -> plan.source().topic()).collect(Collectors.toSet()),
        owned.stream()
            .filter(partition -> !partition.topic().equals(Topics.REQUESTS))
            .collect(Collectors.toSet()));
  }

  private Pipeline begun(ObjectKey subscription) {
    Pipeline pipeline = new Pipeline(subscription, equipment);
    pipeline.start();
    return pipeline;
  }

  /** Partitions that the plan knows nothing of came to the topic later and are not its own. */
  private SortedSet<Integer> mine(PipelinePlan plan) {
    String topic = plan.source().topic();
    if (source.isMissing(topic)) {
      return owned.contains(SPEAKER) ? new TreeSet<>(plan.start().keySet()) : new TreeSet<>();
    }
    return plan.start().keySet().stream()
        .filter(partition -> owned.contains(new TopicPartition(topic, partition)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void retract(PipelinePlan plan) {
    Pipeline pipeline = pipelines.remove(plan.subscription());
    if (pipeline != null) {
      pipeline.retract(plan.start().keySet());
    } else if (owned.contains(SPEAKER)) {
      board.wipe(plan.subscription(), plan.start().keySet());
    }
  }

  synchronized void close() {
    closed = true;
    pipelines.values().forEach(Pipeline::close);
  }

  /**
   * @return whether all have ended
   */
  boolean awaitEnd(Duration patience) throws InterruptedException {
    List<Pipeline> all;
    synchronized (this) {
      all = List.copyOf(pipelines.values());
    }
    long deadline = System.nanoTime() + patience.toNanos();
    boolean ended = true;
    for (Pipeline pipeline : all) {
      long left = Math.max(1_000_000, deadline - System.nanoTime());
      ended &= pipeline.awaitEnd(Duration.ofNanos(left));
    }
    return ended;
  }
}
