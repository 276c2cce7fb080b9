package dev.millrace.provisioner.simulation;

import dev.millrace.api.correction.EventPlace;
import dev.millrace.api.status.Counts;
import dev.millrace.needs.transform.Outcome;
import dev.millrace.stores.Amendment;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.Fenced;
import dev.millrace.stores.StoreProblem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The store of one subscription: transactions, and everything that goes wrong with them. */
final class SimulatedStore {
  private static final int COPIES = 4;

  /**
   * @param rows by key, the event's id: of Upsert
   * @param added each event's position and id, in the order written: of Append
   * @param dead each dead letter's position, in the order written
   * @param passed moves over which nothing was read: markers, or what was accepted as lost
   */
  record State(
      Map<Long, Long> rows,
      List<String> added,
      List<String> dead,
      Map<Integer, Cursor> cursors,
      List<Batch.Move> passed) {
    State copy() {
      return new State(
          new HashMap<>(rows),
          new ArrayList<>(added),
          new ArrayList<>(dead),
          new TreeMap<>(cursors),
          new ArrayList<>(passed));
    }
  }

  private final Subscription of;
  private final World world;
  private State committed;
  private State flushed;
  private final Map<Integer, Long> everFlushed = new HashMap<>();
  private final Deque<State> copies = new ArrayDeque<>();
  boolean up = true;
  boolean full;
  long slow;
  double answersLost;
  private int epoch;

  SimulatedStore(Subscription of, World world) {
    this.of = of;
    this.world = world;
    this.committed =
        new State(
            new HashMap<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new TreeMap<>(),
            new ArrayList<>());
    of.start.forEach((partition, offset) ->
        committed.cursors.put(
            partition,
            new Cursor(
                partition, offset, Optional.empty(), "cluster", of.topicId, 1, "", Counts.NONE)));
    this.flushed = committed;
    this.everFlushed.putAll(of.start);
  }

  State state() {
    return committed;
  }

  /** Whether it was ever safe up to there. */
  boolean wasFlushed(int partition, long position) {
    return everFlushed.get(partition) >= position;
  }

  /** Connections of before this are gone. */
  int epoch() {
    return epoch;
  }

  long latency() {
    return world.latency() + (slow > 0 ? world.any(100) * slow / 100 : 0);
  }

  private void checkUp(int since) throws StoreProblem {
    if (!up || since != epoch) {
      throw new StoreProblem("StoreUnavailable", "away", "wait", true);
    }
  }

  List<Cursor> take(Set<Integer> partitions, String owner) throws StoreProblem {
    checkUp(epoch);
    State next = committed.copy();
    for (int partition : partitions) {
      Cursor old = next.cursors.get(partition);
      if (old == null) {
        throw new StoreProblem("StoreLost", "no cursor", "look for it", false);
      }
      next.cursors.put(
          partition, moved(old, old.nextOffset(), old.leaderEpoch(), owner, Counts.NONE));
    }
    committed = next;
    return partitions.stream().sorted().map(next.cursors::get).toList();
  }

  List<Cursor> cursors() throws StoreProblem {
    checkUp(epoch);
    return List.copyOf(committed.cursors.values());
  }

  void write(Batch batch, String owner, int since) throws StoreProblem, Fenced {
    checkUp(since);
    if (full) {
      throw new StoreProblem("StoreFull", "full", "make room", false);
    }
    State next = committed.copy();
    for (Batch.Move move : batch.moves()) {
      Cursor old = next.cursors.get(move.partition());
      if (old == null || old.nextOffset() != move.from() || !old.owner().equals(owner)) {
        throw new Fenced("partition " + move.partition());
      }
      next.cursors.put(
          move.partition(), moved(old, move.to(), epoch(old, move), owner, move.delta()));
      if (move.to() > move.from() && move.delta().equals(Counts.NONE)) {
        next.passed.add(move);
      }
    }
    batch.entries().forEach(entry -> apply(entry, next));
    committed = next;
  }

  private static Optional<Integer> epoch(Cursor old, Batch.Move move) {
    return move.to() == move.from() ? old.leaderEpoch() : move.leaderEpoch();
  }

  Set<EventPlace> deadLetters(Set<EventPlace> places, int since) throws StoreProblem {
    checkUp(since);
    return places.stream()
        .filter(place -> committed.dead.contains(place.toString()))
        .collect(Collectors.toSet());
  }

  void amend(Amendment amendment, String owner, int since) throws StoreProblem, Fenced {
    State before = committed;
    State next = committed.copy();
    for (EventPlace each : amendment.settled()) {
      if (!next.dead.remove(each.toString())) {
        throw new Fenced("no dead letter at " + each);
      }
    }
    List<Batch.Entry> rest = new ArrayList<>();
    for (Batch.Entry entry : amendment.batch().entries()) {
      String at = entry.partition() + "/" + entry.offset();
      if (entry.outcome() instanceof Outcome.Add add) {
        next.added.add(place(next.added, entry), at + " " + add.row()[0]);
      } else if (!(entry.outcome() instanceof Outcome.Dead)) {
        rest.add(entry);
      } else if (!next.dead.contains(at)) {
        throw new Fenced("no dead letter at " + at);
      }
    }
    committed = next;
    try {
      write(new Batch(rest, amendment.batch().moves()), owner, since);
    } catch (StoreProblem | Fenced e) {
      committed = before;
      throw e;
    }
  }

  /** A table has no order: this one lies where its event stands. */
  private static int place(List<String> added, Batch.Entry entry) {
    int place = 0;
    String partition = entry.partition() + "/";
    for (int i = 0; i < added.size(); i++) {
      String each = added.get(i);
      if (each.startsWith(partition)
          && Long.parseLong(each.substring(partition.length(), each.indexOf(' ')))
              < entry.offset()) {
        place = i + 1;
      }
    }
    return place;
  }

  private static void apply(Batch.Entry entry, State to) {
    String at = entry.partition() + "/" + entry.offset();
    switch (entry.outcome()) {
      case Outcome.Put put -> to.rows.put((Long) put.key().values().get(0), (Long) put.row()[0]);
      case Outcome.Add add -> to.added.add(at + " " + add.row()[0]);
      case Outcome.Delete delete -> to.rows.remove((Long) delete.key().values().get(0));
      case Outcome.Leave leave -> to.rows.remove((Long) leave.key().values().get(0));
      case Outcome.Dead dead -> to.dead.add(at);
      case Outcome.Pass pass -> throw new IllegalArgumentException("a batch holds no Pass");
    }
  }

  private static Cursor moved(
      Cursor old, long to, Optional<Integer> epoch, String owner, Counts delta) {
    return new Cursor(
        old.partition(),
        to,
        epoch,
        old.clusterId(),
        old.topicId(),
        old.definition(),
        owner,
        old.counts().plus(delta));
  }

  void flush(int since) throws StoreProblem {
    checkUp(since);
    flushed = committed;
    flushed
        .cursors()
        .forEach(
            (partition, cursor) -> everFlushed.merge(partition, cursor.nextOffset(), Math::max));
    if (copies.isEmpty() || copies.peekLast() != flushed) {
      copies.add(flushed);
    }
    if (copies.size() > COPIES) {
      copies.poll();
    }
  }

  /**
   * @param stands where this holder left the cursors
   */
  void check(String owner, Map<Integer, Cursor> stands) throws Fenced {
    for (Map.Entry<Integer, Cursor> left : stands.entrySet()) {
      Cursor cursor = committed.cursors().get(left.getKey());
      if (cursor == null
          || cursor.nextOffset() != left.getValue().nextOffset()
          || !cursor.counts().equals(left.getValue().counts())
          || !cursor.owner().equals(owner)) {
        throw new Fenced("partition " + left.getKey());
      }
    }
  }

  void heal() {
    up = true;
    full = false;
    slow = 0;
    answersLost = 0;
  }

  /** All connections end. */
  void disconnect() {
    epoch++;
  }

  /** Killed: what was not flushed is gone, or not. */
  void crash() {
    epoch++;
    if (world.chance(0.7)) {
      committed = flushed;
    }
  }

  /** Set back to a copy: a restore, or a replica that lagged; perhaps nobody was disconnected. */
  void restore() {
    epoch += world.any(2);
    State copy = copies.isEmpty() ? flushed : List.copyOf(copies).get(world.any(copies.size()));
    committed = copy;
    flushed = copy;
  }

  void loseCursor(int partition) {
    State next = committed.copy();
    next.cursors.remove(partition);
    committed = next;
    flushed = next;
    copies.clear();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(of.name.name());
    committed.cursors.values().forEach(cursor -> text.append(' ').append(cursor.nextOffset()));
    return text.toString();
  }
}
