package dev.millrace.provisioner.core;

import dev.millrace.needs.event.RawEvent;
import dev.millrace.needs.transform.SharedEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * All there is of one partition between two positions, as it was read.
 *
 * @param seek the reading it came from; see {@link Reading.Spot}
 * @param from the reader's position before
 * @param to its position after: behind the last record, or further where markers of transactions or
 *     gaps of compaction follow
 * @param events of each record its event, which those who take it in share
 * @param bytes about what it takes in memory
 */
public record Chunk(
    TopicPartition partition,
    long seek,
    long from,
    long to,
    List<ConsumerRecord<byte[], byte[]>> records,
    SharedEvents events,
    long bytes) {
  /** What a record, or an entry of a batch, takes in the heap beside its bytes. */
  private static final int RECORD_BYTES = 250;

  private static final int CHUNK_BYTES = 512;
  private static final int LARGE = 64 << 10;
  private static final int COPIES_OF_LARGE = 3;

  public Chunk(
      TopicPartition partition,
      long seek,
      long from,
      long to,
      List<ConsumerRecord<byte[], byte[]>> records) {
    this(
        partition,
        seek,
        from,
        to,
        records,
        events(records),
        CHUNK_BYTES
            + SharedEvents.mostBytes(records.size())
            + records.stream().mapToLong(Chunk::bytesInWindow).sum());
  }

  private static SharedEvents events(List<ConsumerRecord<byte[], byte[]>> records) {
    List<@Nullable RawEvent> events = new ArrayList<>(records.size());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      events.add(record.value() == null ? null : new RawEvent(record.value()));
    }
    return new SharedEvents(events, i -> records.get(i).key());
  }

  /** With what is found out about its event. */
  private static long bytesInWindow(ConsumerRecord<byte[], byte[]> record) {
    return bytes(record) + RawEvent.mostBytes(Math.max(0, record.serializedValueSize()));
  }

  static long bytes(ConsumerRecord<byte[], byte[]> record) {
    return RECORD_BYTES
        + Math.max(0, record.serializedKeySize())
        + Math.max(0, record.serializedValueSize());
  }

  /** What it takes in a batch: a large event is there as text, and once more as it travels. */
  static long bytesInBatch(ConsumerRecord<byte[], byte[]> record) {
    long bytes = bytes(record);
    return bytes > LARGE ? COPIES_OF_LARGE * bytes : bytes;
  }

  /** Leader epoch of the last record before this position; empty when this chunk holds none. */
  Optional<Integer> epochBefore(long position) {
    int next = indexOf(position);
    return next == 0 ? Optional.empty() : records.get(next - 1).leaderEpoch();
  }

  /** The same of some records. */
  Optional<Integer> epochBefore(int first, int end) {
    Optional<Integer> epoch = Optional.empty();
    for (int i = end - 1; i >= first && epoch.isEmpty(); i--) {
      epoch = records.get(i).leaderEpoch();
    }
    return epoch;
  }

  /** Of the first record at this position or behind it. */
  int indexOf(long position) {
    int low = 0;
    int high = records.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (records.get(middle).offset() < position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * How far offsets follow each other.
   *
   * @return index behind the last that does; {@code end} at most
   */
  int unbroken(int first, int end) {
    long offset = records.get(first).offset();
    if (records.get(end - 1).offset() - offset == end - 1 - first) {
      return end;
    }
    int next = first + 1;
    while (records.get(next).offset() == offset + next - first) {
      next++;
    }
    return next;
  }
}
