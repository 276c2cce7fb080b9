package dev.millrace.catalog.event;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Keeps the newest of the records it is shown, limited in number and in memory. */
final class Newest {
  private static final Comparator<ConsumerRecord<byte[], byte[]>> BY_AGE =
      Comparator.<ConsumerRecord<byte[], byte[]>>comparingLong(ConsumerRecord::timestamp)
          .thenComparingLong(ConsumerRecord::offset)
          .thenComparingInt(ConsumerRecord::partition);

  private final PriorityQueue<ConsumerRecord<byte[], byte[]>> oldestFirst =
      new PriorityQueue<>(BY_AGE);
  private final int most;
  private final long mostBytes;
  private long bytes;
  private boolean full;

  Newest(int most, long mostBytes) {
    this.most = most;
    this.mostBytes = mostBytes;
  }

  void show(ConsumerRecord<byte[], byte[]> record) {
    oldestFirst.add(record);
    bytes += size(record);
    while (oldestFirst.size() > most || bytes > mostBytes && oldestFirst.size() > 1) {
      bytes -= size(oldestFirst.remove());
      full = true;
    }
  }

  /** Showing it older records would change nothing. */
  boolean isFull() {
    return full || oldestFirst.size() == most;
  }

  List<ConsumerRecord<byte[], byte[]>> newestFirst() {
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>(oldestFirst);
    all.sort(BY_AGE.reversed());
    return all;
  }

  private static long size(ConsumerRecord<byte[], byte[]> record) {
    return Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
  }
}
