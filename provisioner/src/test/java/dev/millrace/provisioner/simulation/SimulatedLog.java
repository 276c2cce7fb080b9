package dev.millrace.provisioner.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** A topic. Its partitions lose, end and begin anew what no broker should. */
final class SimulatedLog {
  enum Kind {
    GOOD,
    TOMBSTONE,
    BROKEN
  }

  /**
   * @param id of its own, whatever becomes of its offset
   * @param at when it was appended, in milliseconds
   */
  record Event(long offset, long id, int epoch, int key, Kind kind, int value, long at) {}

  /** One partition. Offsets without an event are markers of transactions. */
  static final class Partition {
    final TreeMap<Long, Event> events = new TreeMap<>();

    /** The same, with those that retention has taken. */
    final TreeMap<Long, Event> history = new TreeMap<>();

    long start;
    long end;
    int epoch;

    /** Where each leader epoch began that wrote something, be it a marker. */
    private final TreeMap<Integer, Long> epochs = new TreeMap<>();

    /** Where this leader epoch, or the last before it, ends; as the broker can know. */
    long endOfEpoch(int asked) {
      return Math.max(start, endOfEpochEver(asked));
    }

    /** The same, had retention taken nothing. */
    long endOfEpochEver(int asked) {
      var next = epochs.higherEntry(asked);
      return next == null ? end : next.getValue();
    }

    private void writes() {
      epochs.putIfAbsent(epoch, end);
    }

    private void cut(long to) {
      epochs.values().removeIf(begun -> begun >= to);
    }

    SortedMap<Long, Event> from(long offset) {
      return events.tailMap(offset);
    }
  }

  List<Partition> partitions = new ArrayList<>();
  private final Map<String, List<Partition>> all = new HashMap<>();
  private final int count;
  private int incarnation;
  private long ids;
  boolean up = true;

  SimulatedLog(int count) {
    this.count = count;
    recreate();
  }

  String topicId() {
    return "topic-" + incarnation;
  }

  List<Partition> partitions(String topicId) {
    return all.get(topicId);
  }

  /** Another log under the same name. */
  void recreate() {
    incarnation++;
    partitions = new ArrayList<>();
    all.put(topicId(), partitions);
    for (int i = 0; i < count; i++) {
      partitions.add(new Partition());
    }
  }

  /**
   * A key stays in its partition.
   *
   * @param at in milliseconds
   */
  void append(int key, Kind kind, int value, long at) {
    Partition partition = partitions.get(key % count);
    partition.writes();
    Event event = new Event(partition.end, ids++, partition.epoch, key, kind, value, at);
    partition.events.put(event.offset(), event);
    partition.history.put(event.offset(), event);
    partition.end++;
  }

  /** One that no event has. */
  long anotherId() {
    return ids++;
  }

  void mark(int partition) {
    partitions.get(partition).writes();
    partitions.get(partition).end++;
  }

  /** A leader that had less took over. */
  void truncate(int number, long to) {
    Partition partition = partitions.get(number);
    partition.events.tailMap(to).clear();
    partition.history.tailMap(to).clear();
    partition.cut(to);
    partition.end = to;
    partition.epoch++;
  }

  /** A leader that had everything took over. */
  void elect(int number) {
    partitions.get(number).epoch++;
  }

  void deleteBefore(int number, long offset) {
    Partition partition = partitions.get(number);
    partition.events.headMap(offset).clear();
    partition.start = Math.max(partition.start, offset);
  }

  /** Where these partitions end, and so many offsets further. */
  Map<Integer, Long> ends(Set<Integer> of, int further) {
    Map<Integer, Long> ends = new TreeMap<>();
    of.forEach(partition -> ends.put(partition, partitions.get(partition).end + further));
    return ends;
  }
}
