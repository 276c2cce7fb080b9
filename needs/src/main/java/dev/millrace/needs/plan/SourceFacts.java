package dev.millrace.needs.plan;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the central event store says of a topic.
 *
 * @param start first offset to apply, for each partition
 * @param highWatermark the log's end at plan time: history is loaded when it is reached
 * @param at when that was so
 * @param until where the subscription ends, for each partition; empty for never
 */
public record SourceFacts(
    String topic,
    String topicId,
    String clusterId,
    int partitions,
    Map<Integer, Long> start,
    Map<Integer, Long> highWatermark,
    @Nullable Instant at,
    Optional<Map<Integer, Long>> until) {

  public SourceFacts {
    start = Map.copyOf(start);
    highWatermark = Map.copyOf(highWatermark);
    until = until.map(Map::copyOf);
  }
}
