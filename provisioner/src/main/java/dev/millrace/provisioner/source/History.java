package dev.millrace.provisioner.source;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.StoreProblem;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** A topic's events in the order of each partition, read up to given offsets and then further. */
public final class History implements AutoCloseable {
  private static final int MOST_RECORDS = 5_000;
  private static final Duration POLL = Duration.ofMillis(200);

  /** Only then it is worth asking whether there is anything to wait for. */
  private static final Duration QUIET = Duration.ofSeconds(2);

  /** Longer than any broker takes that is there. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final SourceWatch watch;
  private final PipelinePlan.Source source;
  private final String topic;
  private final Running running;
  private final Consumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Long> reached = new HashMap<>();

  /** Read and not wanted yet. Their partitions pause. */
  private final Map<TopicPartition, ArrayDeque<ConsumerRecord<byte[], byte[]>>> ahead =
      new HashMap<>();

  /** Takes in one event after the other. */
  public interface Visit {
    void at(ConsumerRecord<byte[], byte[]> event)
        throws SourceProblem, StoreProblem, Rewound, Cancelled;
  }

  public History(Clients clients, SourceWatch watch, PipelinePlan.Source source, Running running) {
    this.watch = watch;
    this.source = source;
    this.topic = source.topic();
    this.running = running;
    this.consumer = clients.eventConsumer(MOST_RECORDS, 2 << 20, POLL);
  }

  /** Where the log of each partition begins now. */
  public Map<Integer, Long> beginnings(Collection<Integer> partitions) throws SourceProblem {
    try {
      return consumer
          .beginningOffsets(partitions.stream().map(this::place).toList())
          .entrySet()
          .stream()
          .collect(Collectors.toMap(each -> each.getKey().partition(), Map.Entry::getValue));
    } catch (KafkaException e) {
      throw SourceWatch.explain(topic, e);
    }
  }

  /** The first offset to read of each partition; again to read again. */
  public void begin(Map<Integer, Long> from) {
    reached.clear();
    ahead.clear();
    from.forEach((partition, offset) -> reached.put(place(partition), offset));
    consumer.assign(reached.keySet());
    reached.forEach(consumer::seek);
    reached.keySet().forEach(partition -> ahead.put(partition, new ArrayDeque<>()));
  }

  public Map<Integer, Long> reached() {
    return reached.entrySet().stream()
        .collect(Collectors.toMap(each -> each.getKey().partition(), Map.Entry::getValue));
  }

  /**
   * Reads all events before the given offsets.
   *
   * @throws Rewound when they lie before what was read already, or have left the log meanwhile
   */
  public void readTo(Map<Integer, Long> upTo, Visit visit)
      throws SourceProblem, StoreProblem, Rewound, Cancelled {
    Set<TopicPartition> behind = new HashSet<>();
    for (TopicPartition partition : reached.keySet()) {
      long wanted = upTo.getOrDefault(partition.partition(), 0L);
      if (wanted < reached.get(partition)) {
        throw new Rewound();
      }
      if (!takeAhead(partition, wanted, visit)) {
        behind.add(partition);
      }
    }
    try {
      readBehind(behind, upTo, visit);
    } catch (OffsetOutOfRangeException e) {
      throw new Rewound();
    } catch (KafkaException e) {
      throw SourceWatch.explain(topic, e);
    }
  }

  private void readBehind(Set<TopicPartition> behind, Map<Integer, Long> upTo, Visit visit)
      throws SourceProblem, StoreProblem, Rewound, Cancelled {
    long heard = System.nanoTime();
    while (!behind.isEmpty()) {
      running.check();
      Set<TopicPartition> others = new HashSet<>(reached.keySet());
      others.removeAll(behind);
      consumer.pause(others);
      consumer.resume(behind);
      for (ConsumerRecord<byte[], byte[]> event : consumer.poll(POLL)) {
        heard = System.nanoTime();
        ahead.get(place(event.partition())).add(event);
      }
      for (TopicPartition partition : List.copyOf(behind)) {
        long before = reached.get(partition);
        if (takeAhead(partition, upTo.get(partition.partition()), visit)) {
          behind.remove(partition);
        }
        heard = reached.get(partition) > before ? System.nanoTime() : heard;
      }
      checkSilence(Duration.ofNanos(System.nanoTime() - heard), behind, upTo);
    }
  }

  /** The store cannot be ahead of the log, unless the log was cut back. */
  private void checkSilence(Duration silence, Set<TopicPartition> behind, Map<Integer, Long> upTo)
      throws SourceProblem {
    if (silence.compareTo(QUIET) > 0) {
      for (Map.Entry<TopicPartition, Long> end : consumer.endOffsets(behind).entrySet()) {
        long wanted = upTo.get(end.getKey().partition());
        if (end.getValue() < wanted) {
          throw watch.outOfRange(end.getKey(), source.topicId(), wanted);
        }
      }
    }
    if (silence.compareTo(PATIENCE) > 0) {
      throw SourceWatch.explain(topic, new TimeoutException("no events for " + silence));
    }
  }

  /** Whether the partition is there. */
  private boolean takeAhead(TopicPartition partition, long wanted, Visit visit)
      throws SourceProblem, StoreProblem, Rewound, Cancelled {
    ArrayDeque<ConsumerRecord<byte[], byte[]>> waiting = ahead.get(partition);
    while (!waiting.isEmpty() && waiting.peek().offset() < wanted) {
      ConsumerRecord<byte[], byte[]> event = waiting.poll();
      visit.at(event);
      reached.put(partition, event.offset() + 1);
    }
    // Markers of transactions and gaps of compaction count as read.
    boolean there =
        reached.get(partition) >= wanted
            || !waiting.isEmpty()
            || consumer.position(partition) >= wanted;
    if (there) {
      reached.put(partition, wanted);
    }
    return there;
  }

  private TopicPartition place(int partition) {
    return new TopicPartition(topic, partition);
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ofMillis(200)));
  }
}
