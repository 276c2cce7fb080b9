package dev.millrace.provisioner.core;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions that share one reader on one partition, and the window of the log that it has
 * read last. A place is in the cohort as long as it lies within the window or at its end.
 */
final class Cohort {
  final TopicPartition partition;
  final String topicId;
  final Set<Place> places = new LinkedHashSet<>();
  private final TreeMap<Long, Held> window = new TreeMap<>();
  private long end;
  private Optional<Integer> leaderEpoch;
  private long bytes;
  private long fastest;

  /** How many places wait for what comes next. */
  int hungry;

  /** Why nothing comes after the end. */
  @Nullable Trouble unreadable;

  /** The consumer that reads for it; -1 for none. */
  int lane = -1;

  long seek;
  long seekPosition;
  Optional<Integer> seekEpoch = Optional.empty();

  /** When it was given one last; who has waited longest comes first. */
  long laneSince = Long.MIN_VALUE;

  /** Bytes that were ever read, so that those between two places are a difference. */
  private long read;

  /**
   * @param epochBefore leader epoch of the last record before the chunk
   * @param readBefore bytes that had been read before it
   */
  private record Held(Chunk chunk, Optional<Integer> epochBefore, long readBefore) {}

  /**
   * @param leaderEpoch of the record before, as a store has it; the broker compares it when reading
   *     begins
   */
  Cohort(TopicPartition partition, String topicId, long position, Optional<Integer> leaderEpoch) {
    this.partition = partition;
    this.topicId = topicId;
    this.end = position;
    this.fastest = position;
    this.leaderEpoch = leaderEpoch;
  }

  long start() {
    return window.isEmpty() ? end : window.firstKey();
  }

  long end() {
    return end;
  }

  Optional<Integer> leaderEpoch() {
    return leaderEpoch;
  }

  long bytes() {
    return bytes;
  }

  boolean covers(long position) {
    return start() <= position && position <= end;
  }

  /** Whether a place with this past may join at its position. */
  boolean isOfSameLog(long position, Optional<Integer> epoch) {
    return epoch.isEmpty() || epoch.equals(epochBefore(position));
  }

  /** Leader epoch of the last record before a position that it covers. */
  Optional<Integer> epochBefore(long position) {
    if (position == end) {
      return leaderEpoch;
    }
    Held held = window.floorEntry(position).getValue();
    return held.chunk().epochBefore(position).or(held::epochBefore);
  }

  /** The same, as far as it is known. */
  Optional<Integer> epochAt(long position) {
    return covers(position) ? epochBefore(position) : leaderEpoch;
  }

  /** What the reader brought. */
  void add(Chunk chunk) {
    if (chunk.from() != end) {
      throw new IllegalStateException(chunk + " does not follow " + end);
    }
    window.put(chunk.from(), new Held(chunk, leaderEpoch, read));
    read += chunk.bytes();
    bytes += chunk.bytes();
    end = chunk.to();
    leaderEpoch = chunk.epochBefore(end).or(() -> leaderEpoch);
  }

  /** The chunks from this position on, until they are this many bytes; the last may pass it. */
  List<Chunk> from(long position, long mostBytes) {
    List<Chunk> found = new ArrayList<>();
    Long first = window.floorKey(position);
    long sum = 0;
    for (Held held : window.tailMap(first == null ? position : first, true).values()) {
      Chunk chunk = held.chunk();
      if (sum >= mostBytes) {
        break;
      }
      if (chunk.to() > position) {
        found.add(chunk);
        sum += chunk.bytes();
      }
    }
    return found;
  }

  /** Returns whether nobody was as far before. */
  boolean reached(long position) {
    boolean further = position > fastest;
    fastest = Math.max(fastest, position);
    return further;
  }

  /** Somebody has left. */
  void recount() {
    fastest = places.stream().mapToLong(place -> place.position).max().orElse(start());
  }

  /** What was read and nobody has taken yet. */
  long ahead() {
    return after(fastest);
  }

  /** What was read beyond a position. Live, a window holds thousands of chunks. */
  long after(long position) {
    Map.Entry<Long, Held> at = window.floorEntry(position);
    if (at == null || at.getValue().chunk().to() <= position) {
      at = window.higherEntry(position);
    }
    return at == null ? 0 : read - at.getValue().readBefore();
  }

  long slowest() {
    return places.stream().mapToLong(place -> place.position).min().orElse(end);
  }

  @Nullable Chunk first() {
    return window.isEmpty() ? null : window.firstEntry().getValue().chunk();
  }

  boolean firstIsTakenBySome() {
    Chunk first = first();
    return first != null && first.to() <= fastest;
  }

  void dropFirst() {
    bytes -= window.pollFirstEntry().getValue().chunk().bytes();
  }

  @Override
  public String toString() {
    return partition + "[" + start() + "," + end + ")x" + places.size();
  }
}
