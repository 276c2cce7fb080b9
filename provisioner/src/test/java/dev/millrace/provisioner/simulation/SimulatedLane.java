package dev.millrace.provisioner.simulation;

import dev.millrace.provisioner.core.Chunk;
import dev.millrace.provisioner.core.Reading;
import dev.millrace.provisioner.core.Trouble;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** A consumer, as the core knows one. */
final class SimulatedLane {
  private static final int MOST = 30;

  /** Where it stands in one partition. */
  private static final class Position {
    final Reading.Spot spot;
    long next;
    int epoch;
    int validated = -1;

    Position(Reading.Spot spot) {
      this.spot = spot;
      this.next = spot.position();
      this.epoch = spot.leaderEpoch().orElse(-1);
    }
  }

  private final SimulatedWorker worker;
  private final World world;
  private final Map<Integer, Position> positions = new TreeMap<>();
  private final Set<Long> givenUp = new HashSet<>();
  private Reading wanted = Reading.NOTHING;
  private boolean polling;

  SimulatedLane(SimulatedWorker worker, World world) {
    this.worker = worker;
    this.world = world;
  }

  void read(Reading reading) {
    wanted = reading;
    if (!polling) {
      polling = true;
      world.after(world.latency() / 4, this::poll);
    }
  }

  private void poll() {
    polling = false;
    if (worker.isDead() || wanted.spots().isEmpty()) {
      positions.clear();
      return;
    }
    boolean found = false;
    if (!worker.isPaused()) {
      turn();
      found = fetch();
    }
    polling = true;
    world.after(World.any(world, (found ? 10 : 100) * World.MILLIS), this::poll);
  }

  private void turn() {
    Map<Integer, Reading.Spot> spots = new TreeMap<>();
    wanted
        .spots()
        .forEach((partition, spot) -> {
          if (!givenUp.contains(spot.seek())) {
            spots.put(partition.partition(), spot);
          }
        });
    positions.keySet().retainAll(spots.keySet());
    spots.forEach((partition, spot) -> {
      Position before = positions.get(partition);
      if (before == null || before.spot.seek() != spot.seek()) {
        positions.put(partition, new Position(spot));
      }
    });
  }

  private boolean fetch() {
    List<Chunk> chunks = new ArrayList<>();
    if (worker.log().up) {
      for (Integer partition : List.copyOf(positions.keySet())) {
        fetch(partition, positions.get(partition)).ifPresent(chunks::add);
      }
    }
    if (!chunks.isEmpty()) {
      worker.hear(core -> core.arrived(chunks));
    }
    return !chunks.isEmpty();
  }

  private Optional<Chunk> fetch(int number, Position at) {
    SimulatedLog.Partition partition = worker.log().partitions.get(number);
    TopicPartition name = new TopicPartition(Subscription.TOPIC, number);
    Reading.Spot now = wanted.spots().get(name);
    if (now == null || now.paused() || world.chance(0.2)) {
      return Optional.empty();
    }
    if (!worker.log().topicId().equals(at.spot.topicId())) {
      giveUp(name, at, "SourceRecreated");
      return Optional.empty();
    }
    if (at.next < partition.start) {
      giveUp(name, at, "HistoryLost");
      return Optional.empty();
    }
    if (at.next > partition.end || diverges(at, partition)) {
      giveUp(name, at, "HistoryTruncated");
      return Optional.empty();
    }
    return read(name, at, partition);
  }

  private static boolean diverges(Position at, SimulatedLog.Partition partition) {
    if (at.validated == partition.epoch || at.epoch < 0) {
      return false;
    }
    at.validated = partition.epoch;
    return partition.endOfEpoch(at.epoch) < at.next;
  }

  private Optional<Chunk> read(TopicPartition name, Position at, SimulatedLog.Partition partition) {
    long from = at.next;
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    int most = 1 + world.any(MOST);
    for (SimulatedLog.Event event : partition.from(from).values()) {
      if (records.size() == most) {
        break;
      }
      records.add(record(name, event));
      at.next = event.offset() + 1;
      at.epoch = event.epoch();
    }
    if (records.size() < most) {
      at.next = partition.end;
    }
    return at.next > from
        ? Optional.of(new Chunk(name, at.spot.seek(), from, at.next, records))
        : Optional.empty();
  }

  static ConsumerRecord<byte[], byte[]> record(TopicPartition name, SimulatedLog.Event event) {
    byte[] key = Subscription.key(event);
    byte[] value = Subscription.value(event);
    return new ConsumerRecord<>(
        name.topic(),
        name.partition(),
        event.offset(),
        event.at(),
        TimestampType.CREATE_TIME,
        key.length,
        value == null ? -1 : value.length,
        key,
        value,
        new RecordHeaders(),
        Optional.of(event.epoch()));
  }

  private void giveUp(TopicPartition name, Position at, String code) {
    givenUp.add(at.spot.seek());
    Trouble trouble = new Trouble(code, code, "", Trouble.Again.WHEN_CHANGED);
    world.after(
        world.latency(), () -> worker.hear(core -> core.unreadable(name, at.spot.seek(), trouble)));
  }

  /** The broker is gone for this consumer. */
  void fail() {
    Trouble trouble = new Trouble("SourceUnavailable", "gone", "", Trouble.Again.SOON);
    positions.forEach((partition, at) -> {
      givenUp.add(at.spot.seek());
      TopicPartition name = new TopicPartition(Subscription.TOPIC, partition);
      worker.hear(core -> core.unreadable(name, at.spot.seek(), trouble));
    });
    positions.clear();
  }
}
