package dev.millrace.provisioner.shell;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.plan.Losses;
import dev.millrace.provisioner.core.Holes;
import dev.millrace.provisioner.core.Trouble;
import dev.millrace.provisioner.source.SourceProblem;
import dev.millrace.provisioner.source.SourceWatch;
import dev.millrace.stores.Cursor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * Whether a deletion can have been compacted away before it was read. A compacted topic keeps each
 * for {@code delete.retention.ms} at least, counted from a time after it was published. So whoever
 * comes to a hole sooner has missed none; and neither has who read nothing before that long ago,
 * for then there is no row yet that should go. When the hole's offsets were published is not known,
 * but that it was not before several things: the event before them, a moment when the log had not
 * grown so far. The latest of them counts. The times of events are their producers'.
 */
final class Deletions implements Holes {
  /** What is read live is read before any cleaner comes, whatever the topic is set to. */
  private static final Duration LEAST = Duration.ofSeconds(10);

  private final PipelinePlan plan;
  private final SourceWatch source;
  private final Map<Integer, Instant> notBefore;
  private final Clock clock;

  private Deletions(
      PipelinePlan plan, SourceWatch source, Map<Integer, Instant> notBefore, Clock clock) {
    this.plan = plan;
    this.source = source;
    this.notBefore = Map.copyOf(notBefore);
    this.clock = clock;
  }

  /**
   * @param cursors from where it is read on
   */
  static Holes of(PipelinePlan plan, SourceWatch source, List<Cursor> cursors, Clock clock)
      throws SourceProblem {
    String topic = plan.source().topic();
    Optional<Duration> kept = source.deletionsKeptNow(topic);
    Instant since = plan.since() == null ? Instant.EPOCH : plan.since();
    Map<Integer, Instant> notBefore = new HashMap<>();
    for (Cursor cursor : cursors) {
      TopicPartition place = new TopicPartition(topic, cursor.partition());
      boolean isAsked = kept.isPresent() && since.plus(kept.get()).isBefore(clock.instant());
      notBefore.put(
          cursor.partition(),
          isAsked ? source.notBefore(place, cursor.nextOffset(), kept.get()) : since);
    }
    return new Deletions(plan, source, notBefore, clock);
  }

  @Override
  public Optional<Trouble> trouble(int partition, long offset, Instant before) {
    String topic = plan.source().topic();
    Optional<Duration> kept = source.deletionsKept(topic);
    if (kept.isEmpty() || Losses.isThinned(plan, partition, offset)) {
      return Optional.empty();
    }
    Instant published =
        Stream.of(
                before,
                notBefore.get(partition),
                source.notBefore(new TopicPartition(topic, partition), offset))
            .max(Instant::compareTo)
            .get();
    Duration since = Duration.between(published, clock.instant());
    return since.compareTo(kept.get()) > 0 && since.compareTo(LEAST) > 0
        ? Optional.of(Trouble.compacted(topic, partition, offset, kept.get()))
        : Optional.empty();
  }
}
