package dev.millrace.provisioner.simulation;

import dev.millrace.api.correction.EventPlace;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import dev.millrace.needs.transform.Outcome;
import dev.millrace.stores.Amendment;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.Definitions;
import dev.millrace.stores.Fenced;
import dev.millrace.stores.StoreProblem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The store of one subscription, with a table for what its readers see and one for each shadow:
 * transactions, and everything that goes wrong with them.
 */
final class SimulatedStore {
  private static final int COPIES = 4;

  /**
   * What one pipeline keeps.
   *
   * @param name of the table, which no two have
   * @param shape of the definition that the cursors name
   * @param rows by key: of Upsert
   * @param added each event's position and value, in the order written: of Append
   * @param dead each dead letter's position, in the order written
   * @param start where its pipeline began
   * @param passed moves over which nothing was read: markers, or what was accepted as lost
   * @param taken somebody has its newest definition; before that another may come under its number
   * @param tampered somebody else wrote into it, or took a cursor that was then made anew
   */
  record Table(
      String name,
      Shape shape,
      Map<Long, Long> rows,
      List<String> added,
      List<String> dead,
      Map<Integer, Long> start,
      List<Batch.Move> passed,
      Map<Integer, Cursor> cursors,
      boolean taken,
      boolean tampered) {
    Table copy() {
      return new Table(
          name,
          shape,
          new HashMap<>(rows),
          new ArrayList<>(added),
          new ArrayList<>(dead),
          start,
          new ArrayList<>(passed),
          new TreeMap<>(cursors),
          taken,
          tampered);
    }

    Table tamperedWith() {
      return new Table(name, shape, rows, added, dead, start, passed, cursors, taken, true);
    }

    Table of(Shape another, boolean isTaken) {
      return new Table(name, another, rows, added, dead, start, passed, cursors, isTaken, tampered);
    }

    Map<Integer, Long> places() {
      Map<Integer, Long> places = new TreeMap<>();
      cursors.forEach((partition, cursor) -> places.put(partition, cursor.nextOffset()));
      return places;
    }
  }

  /**
   * @param tables by the uid of their pipeline
   */
  private record State(Map<String, Table> tables) {
    State with(String uid, Table table) {
      Map<String, Table> more = new TreeMap<>(tables);
      more.put(uid, table);
      return new State(more);
    }

    State without(String uid) {
      Map<String, Table> fewer = new TreeMap<>(tables);
      fewer.remove(uid);
      return new State(fewer);
    }
  }

  private final Subscription of;
  private final World world;
  private State committed = new State(Map.of());
  private State flushed = committed;
  private final Map<String, Map<Integer, Long>> everFlushed = new HashMap<>();
  private final Deque<State> copies = new ArrayDeque<>();

  /** As it was around the newest swap. */
  private @Nullable State beforeSwap;

  private @Nullable State afterSwap;

  /** Came back with a copy, behind the back of whoever had taken them away. */
  private final Set<String> risen = new HashSet<>();

  /** Told of each change of what readers see that no fault made, with both states. */
  BiConsumer<Table, Table> readers = (before, after) -> {};

  boolean up = true;
  boolean full;
  long slow;
  double answersLost;

  /** Why nothing can be swapped in. */
  @Nullable StoreProblem refusal;

  /** What is to swap is on its way for long. */
  boolean swapsLate;

  private boolean setBackOrHurt;
  private int epoch;

  SimulatedStore(Subscription of, World world) {
    this.of = of;
    this.world = world;
  }

  Optional<Table> table(String uid) {
    return Optional.ofNullable(committed.tables.get(uid));
  }

  Set<String> uids() {
    return committed.tables.keySet();
  }

  /** Something was taken from it, as no crash does. */
  boolean wasSetBackOrHurt() {
    return setBackOrHurt;
  }

  boolean isRisen(String uid) {
    return risen.contains(uid);
  }

  /** Whether it was ever safe up to there. */
  boolean wasFlushed(String uid, int partition, long position) {
    return everFlushed.getOrDefault(uid, Map.of()).getOrDefault(partition, of.start.get(partition))
        >= position;
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

  private Table found(String uid) throws StoreProblem {
    Table table = committed.tables.get(uid);
    if (table == null) {
      throw lost();
    }
    return table;
  }

  private static StoreProblem lost() {
    return new StoreProblem("StoreLost", "no cursor", "look for it", false);
  }

  private void commit(String uid, Table table) {
    Table before = committed.tables.get(uid);
    committed = committed.with(uid, table);
    if (uid.equals(of.uid) && before != null) {
      readers.accept(before, table);
    }
  }

  List<Cursor> take(PipelinePlan plan, Set<Integer> partitions, String owner) throws StoreProblem {
    checkUp(epoch);
    Table next = found(plan.uid()).copy();
    if (!next.taken) {
      next = next.of(Shape.of(plan), false);
    }
    if (!next.cursors.keySet().containsAll(partitions)) {
      throw lost();
    }
    if (!next.cursors.keySet().containsAll(partitions)) {
      throw lost();
    }
    for (int partition : partitions) {
      Cursor old = next.cursors.get(partition);
      Definitions.require(plan, old.definition());
      next.cursors.put(
          partition, moved(old, old.nextOffset(), old.leaderEpoch(), owner, Counts.NONE));
    }
    commit(plan.uid(), next.of(next.shape(), true));
    return partitions.stream().sorted().map(next.cursors()::get).toList();
  }

  List<Cursor> cursors(String uid) throws StoreProblem {
    checkUp(epoch);
    return List.copyOf(found(uid).cursors.values());
  }

  void write(PipelinePlan plan, Batch batch, String owner, int since) throws StoreProblem, Fenced {
    commit(plan.uid(), written(plan, found(since, plan), batch, owner));
  }

  private Table found(int since, PipelinePlan plan) throws StoreProblem, Fenced {
    checkUp(since);
    if (full) {
      throw new StoreProblem("StoreFull", "full", "make room", false);
    }
    Table table = committed.tables.get(plan.uid());
    if (table == null) {
      throw new Fenced("nothing is there");
    }
    return table;
  }

  private static Table written(PipelinePlan plan, Table before, Batch batch, String owner)
      throws Fenced {
    Table next = before.copy();
    for (Batch.Move move : batch.moves()) {
      Cursor old = next.cursors.get(move.partition());
      if (old == null
          || old.nextOffset() != move.from()
          || !old.owner().equals(owner)
          || old.definition() != plan.definition()) {
        throw new Fenced("partition " + move.partition());
      }
      next.cursors.put(
          move.partition(), moved(old, move.to(), epoch(old, move), owner, move.delta()));
      if (move.to() > move.from() && move.delta().equals(Counts.NONE)) {
        next.passed.add(move);
      }
    }
    batch.entries().forEach(entry -> apply(entry, next));
    return next;
  }

  private static Optional<Integer> epoch(Cursor old, Batch.Move move) {
    return move.to() == move.from() ? old.leaderEpoch() : move.leaderEpoch();
  }

  Set<EventPlace> deadLetters(String uid, Set<EventPlace> places, int since) throws StoreProblem {
    checkUp(since);
    List<String> dead = found(uid).dead;
    return places.stream()
        .filter(place -> dead.contains(place.toString()))
        .collect(Collectors.toSet());
  }

  void amend(PipelinePlan plan, Amendment amendment, String owner, int since)
      throws StoreProblem, Fenced {
    Table next = found(since, plan).copy();
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
    commit(plan.uid(), written(plan, next, new Batch(rest, amendment.batch().moves()), owner));
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

  private static void apply(Batch.Entry entry, Table to) {
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
    flush();
  }

  private void flush() {
    flushed = committed;
    flushed.tables.forEach((uid, table) -> {
      Map<Integer, Long> ever = everFlushed.computeIfAbsent(uid, none -> new HashMap<>());
      table.places().forEach((partition, place) -> ever.merge(partition, place, Math::max));
    });
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
  void check(String uid, String owner, Map<Integer, Cursor> stands) throws Fenced {
    Map<Integer, Cursor> cursors = table(uid).map(Table::cursors).orElse(Map.of());
    for (Map.Entry<Integer, Cursor> left : stands.entrySet()) {
      Cursor cursor = cursors.get(left.getKey());
      if (cursor == null
          || cursor.nextOffset() != left.getValue().nextOffset()
          || !cursor.counts().equals(left.getValue().counts())
          || !cursor.owner().equals(owner)) {
        throw new Fenced("partition " + left.getKey());
      }
    }
  }

  /**
   * As far as it is missing; a cursor that is there is never moved, and what it was made for stays.
   */
  void provision(PipelinePlan plan) throws StoreProblem {
    checkUp(epoch);
    String name = String.valueOf(plan.target().table());
    Table old = committed.tables.get(plan.uid());
    if (old == null
        && committed.tables.values().stream().anyMatch(table -> table.name.equals(name))) {
      throw new StoreProblem("TableTaken", "the table is another's", "take another name", false);
    }
    Table next =
        old == null
            ? new Table(
                name,
                Shape.of(plan),
                new HashMap<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                plan.start(),
                new ArrayList<>(),
                new TreeMap<>(),
                false,
                false)
            : old.copy();
    if (old != null && old.cursors.size() < plan.start().size()) {
      next = next.tamperedWith();
    }
    Table made = next;
    plan.start()
        .forEach((partition, start) ->
            made.cursors.putIfAbsent(
                partition,
                new Cursor(
                    partition,
                    start,
                    Optional.empty(),
                    "cluster",
                    plan.source().topicId(),
                    plan.definition(),
                    "",
                    Counts.NONE)));
    commit(plan.uid(), made);
    flush();
  }

  /** All that this pipeline has here. */
  void withdraw(PipelinePlan plan) throws StoreProblem {
    checkUp(epoch);
    committed = committed.without(plan.uid());
    risen.remove(plan.uid());
    flush();
  }

  void checkSwap(PipelinePlan live) throws StoreProblem {
    checkUp(epoch);
    found(live.uid());
    if (refusal != null && !refusal.passing()) {
      throw refusal;
    }
  }

  /**
   * @param late the command was sent, arrives so much later, and nobody hears of it; 0 when it does
   *     what it should
   */
  void swap(PipelinePlan live, PipelinePlan shadow, PipelinePlan next, long late)
      throws StoreProblem {
    checkUp(epoch);
    Table ofLive = found(live.uid());
    Table ofShadow = committed.tables.get(shadow.uid());
    if (ofShadow == null
        && ofLive.cursors.values().stream()
            .allMatch(cursor -> cursor.definition() == next.definition())) {
      flush();
      return;
    }
    if (refusal != null) {
      throw refusal;
    }
    refuse(live, ofLive, ofShadow, next);
    if (late == 0) {
      exchange(shadow, ofLive, ofShadow, next);
    } else {
      world.after(late, () -> exchangeUnmoved(shadow, ofLive, ofShadow, next));
      throw new StoreProblem("StoreUnavailable", "no answer", "wait", true);
    }
  }

  private static void refuse(
      PipelinePlan live, Table ofLive, @Nullable Table ofShadow, PipelinePlan next)
      throws StoreProblem {
    if (!ofLive.cursors.keySet().containsAll(live.start().keySet()) || ofShadow == null) {
      throw lost();
    }
    for (Cursor cursor : ofLive.cursors.values()) {
      Definitions.refuseNewer(next, cursor.definition());
    }
    if (!ofLive.places().equals(ofShadow.places())) {
      throw new StoreProblem("RebuildBehind", "not at the same places", "wait", true);
    }
  }

  /** Only where nothing has moved since it was looked at. */
  private void exchangeUnmoved(
      PipelinePlan shadow, Table ofLive, Table ofShadow, PipelinePlan next) {
    Table nowLive = committed.tables.get(of.uid);
    Table nowShadow = committed.tables.get(shadow.uid());
    if (up
        && refusal == null
        && nowLive != null
        && nowShadow != null
        && stands(nowLive).equals(stands(ofLive))
        && stands(nowShadow).equals(stands(ofShadow))) {
      exchange(shadow, nowLive, nowShadow, next);
    }
  }

  private static List<Object> stands(Table table) {
    return table.cursors.values().stream()
        .<Object>map(cursor -> List.of(cursor.nextOffset(), cursor.counts(), cursor.definition()))
        .toList();
  }

  private void exchange(PipelinePlan shadow, Table ofLive, Table ofShadow, PipelinePlan next) {
    world.trace(() -> "swapped " + of.name + " " + next.definition() + " " + this);
    beforeSwap = committed;
    Table swapped =
        new Table(
            ofLive.name,
            Shape.of(next),
            ofShadow.rows,
            ofShadow.added,
            ofShadow.dead,
            ofShadow.start,
            ofShadow.passed,
            new TreeMap<>(),
            true,
            ofShadow.tampered);
    ofShadow.cursors.forEach((partition, cursor) ->
        swapped.cursors.put(
            partition,
            new Cursor(
                partition,
                cursor.nextOffset(),
                cursor.leaderEpoch(),
                cursor.clusterId(),
                cursor.topicId(),
                next.definition(),
                "",
                cursor.counts())));
    committed = committed.without(shadow.uid());
    commit(of.uid, swapped);
    flush();
    afterSwap = committed;
  }

  void checkAlter(PipelinePlan next) throws StoreProblem {
    checkUp(epoch);
    found(next.uid());
    if (refusal != null) {
      throw refusal;
    }
  }

  /**
   * Takes on the columns and the definition of a plan where it is; a cursor stays with its owner.
   */
  void alter(PipelinePlan next) throws StoreProblem {
    checkUp(epoch);
    Table before = found(next.uid());
    if (before.cursors.size() < next.start().size()) {
      throw lost();
    }
    boolean older = false;
    for (Cursor cursor : before.cursors.values()) {
      Definitions.requireAlterable(next, cursor.definition());
      older |= cursor.definition() < next.definition();
    }
    if (older) {
      if (refusal != null) {
        throw refusal;
      }
      refuseBeyond(before, next);
      world.trace(() -> "altered " + of.name + " " + next.definition() + " " + this);
      Table after = before.copy().of(Shape.of(next), false);
      after.cursors.replaceAll((partition, cursor) -> at(next.definition(), cursor));
      commit(next.uid(), after);
    }
    flush();
  }

  private static void refuseBeyond(Table table, PipelinePlan next) throws StoreProblem {
    Optional<Cursor> beyond = beyondHold(table, next).or(() -> beyond(table, next));
    if (beyond.isPresent()) {
      throw Definitions.alterBehind(next, beyond.get().partition(), beyond.get().nextOffset());
    }
  }

  private static Optional<Cursor> beyondHold(Table table, PipelinePlan next) {
    Map<Integer, Long> hold = next.holdAt();
    return table.cursors.values().stream()
        .filter(at ->
            hold != null && at.nextOffset() > hold.getOrDefault(at.partition(), Long.MAX_VALUE))
        .findFirst();
  }

  /** Rows behind the place since when there is a column would not have it. */
  private static Optional<Cursor> beyond(Table table, PipelinePlan next) {
    List<Map<Integer, Long>> added = Shape.of(next).added();
    return added.stream()
        .skip(table.shape.added().size())
        .flatMap(since ->
            table.cursors.values().stream()
                .filter(at -> at.nextOffset() > since.getOrDefault(at.partition(), 0L)))
        .findFirst();
  }

  /** Events that this plan gives more columns to were applied without them. */
  boolean wentOnWithout(PipelinePlan plan) {
    return table(plan.uid()).filter(table -> beyond(table, plan).isPresent()).isPresent();
  }

  private static Cursor at(long definition, Cursor of) {
    return new Cursor(
        of.partition(),
        of.nextOffset(),
        of.leaderEpoch(),
        of.clusterId(),
        of.topicId(),
        definition,
        of.owner(),
        of.counts());
  }

  void heal() {
    up = true;
    full = false;
    slow = 0;
    answersLost = 0;
    refusal = null;
    swapsLate = false;
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
    restore(copies.isEmpty() ? flushed : List.copyOf(copies).get(world.any(copies.size())));
  }

  /** The same, to just before the newest swap; false when there was none. */
  boolean restoreBeforeSwap() {
    if (beforeSwap != null) {
      restore(beforeSwap);
    }
    return beforeSwap != null;
  }

  void restoreAfterSwap() {
    if (afterSwap != null) {
      restore(afterSwap);
    }
  }

  private void restore(State copy) {
    epoch += world.any(2);
    setBackOrHurt = true;
    copy.tables.keySet().stream()
        .filter(uid -> !committed.tables.containsKey(uid))
        .forEach(risen::add);
    committed = copy;
    flushed = copy;
  }

  void loseCursor(String uid, int partition) {
    Table next = committed.tables.get(uid).copy();
    next.cursors.remove(partition);
    committed = committed.with(uid, next);
    setBackOrHurt = true;
    forgetCopies();
  }

  /** Somebody else writes a row that no event says. */
  void tamper(String uid) {
    Table next = committed.tables.get(uid).copy().tamperedWith();
    next.rows.put(-1L, -1L);
    next.added.add("0/-1 -1");
    committed = committed.with(uid, next);
  }

  private void forgetCopies() {
    flushed = committed;
    copies.clear();
    beforeSwap = null;
    afterSwap = null;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(of.name.name());
    committed.tables.forEach((uid, table) -> {
      text.append(uid.equals(of.uid) ? "" : " | " + uid.substring(of.uid.length()));
      table.cursors.values().forEach(cursor -> text.append(' ').append(cursor.nextOffset()));
    });
    return text.toString();
  }
}
