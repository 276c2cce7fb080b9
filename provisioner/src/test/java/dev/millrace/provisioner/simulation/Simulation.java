package dev.millrace.provisioner.simulation;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.Topics;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.provisioner.core.Trouble;
import dev.millrace.provisioner.correction.Corrections;
import dev.millrace.provisioner.report.Standing;
import dev.millrace.stores.Cursor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * One run of one seed: workers that bring a topic into stores, faults that strike them, and in the
 * end the question whether everything is as it must be.
 */
final class Simulation implements SimulatedWorker.Cluster {
  private static final int KEYS = 12;
  private static final long PATIENCE = 300 * World.SECONDS;
  private static final String[] POLICIES = {"DeadLetter", "DeadLetter", "Skip", "Halt"};

  /**
   * @param violation what was wrong; empty when nothing was
   * @param fingerprint two runs of one seed have the same
   */
  record Result(
      long seed,
      int faults,
      Map<String, Integer> kinds,
      long events,
      int stopped,
      Optional<String> violation,
      long fingerprint) {}

  private final long seed;
  private final World world;
  private final SimulatedLog log;
  private final Oracle oracle;
  private final List<SimulatedWorker> workers = new ArrayList<>();
  private final List<Subscription> subscriptions = new ArrayList<>();
  private final Map<ObjectKey, Set<String>> trueOnce = new HashMap<>();
  private final Map<String, Integer> kinds = new TreeMap<>();
  private final Map<SimulatedWorker, Long> owners = new HashMap<>();
  private long generations;
  private final boolean destructive;
  private final double broken;
  private final long pace;
  private int names;
  private long events;
  private boolean publishing = true;
  private Optional<String> violation = Optional.empty();

  private Simulation(long seed, boolean talkative) {
    this.seed = seed;
    this.world = new World(seed, talkative);
    this.log = new SimulatedLog(1 + world.any(3));
    this.oracle = new Oracle(log);
    this.destructive = world.chance(0.3);
    this.broken = world.chance(0.5) ? 0.03 : 0;
    this.pace = new long[] {60, 120, 1000}[world.any(3)] * World.MILLIS;
  }

  /**
   * @param faults how many strike
   */
  static Result run(long seed, int faults, boolean talkative) {
    return new Simulation(seed, talkative).run(faults);
  }

  private Result run(int faults) {
    append(world.any(80));
    for (int i = world.any(4); i >= 0; i--) {
      subscribe();
    }
    for (int i = 1 + world.any(2); i >= 0; i--) {
      begin();
    }
    publish();
    rebalance();
    feed();
    Faults striking = new Faults(this, world, log, destructive);
    int struck = 0;
    while (struck < faults && violation.isEmpty()) {
      world.run(world.now() + World.any(world, pace));
      String kind = striking.strike();
      kinds.merge(kind, 1, Integer::sum);
      world.trace(() -> "fault " + kind);
      struck++;
    }
    finish();
    int stopped =
        (int)
            subscriptions.stream().filter(each -> !each.retracted && !oracle.isAtEnd(each)).count();
    return new Result(seed, struck, kinds, events, stopped, violation, world.fingerprint());
  }

  /** Everything heals; then everything that can come to its end must. */
  private void finish() {
    publishing = false;
    log.up = true;
    for (Subscription each : subscriptions) {
      each.state = "Running";
      each.holdAt = null;
      each.store.heal();
    }
    workers.forEach(SimulatedWorker::resume);
    while (workers().size() < 2) {
      begin();
    }
    publish();
    rebalance();
    long until = world.now() + PATIENCE;
    while (violation.isEmpty() && world.now() < until && !isSettled()) {
      world.run(world.now() + World.SECONDS);
    }
    // Whatever is still under way may do no harm either.
    world.run(world.now() + 20 * World.SECONDS);
    pauseOne();
    holdOne();
    for (Subscription each : subscriptions) {
      if (!each.retracted) {
        check(each);
        if (violation.isEmpty() && !isSettled(each)) {
          violate(each, "does not come to its end: " + each.store + " " + ends() + standing(each));
        }
      }
    }
  }

  /** One that is paused stands still, while the others go on; then it goes on too. */
  private void pauseOne() {
    List<Subscription> all = subscriptions();
    Subscription one = all.get(world.any(all.size()));
    one.state = world.chance(0.5) ? "Paused" : "Stopped";
    publish();
    world.run(world.now() + 20 * World.SECONDS);
    String before = one.store.toString();
    append(20);
    world.run(world.now() + 20 * World.SECONDS);
    if (!one.store.toString().equals(before)) {
      violate(one, "is " + one.state + " at " + before + ", and went on to " + one.store);
    }
    for (Subscription each : all) {
      if (each != one && violation.isEmpty() && !isSettled(each)) {
        violate(each, "is kept by " + one.name + ": " + each.store + " " + ends());
      }
    }
    one.state = "Running";
    publish();
    world.run(world.now() + 20 * World.SECONDS);
  }

  /** One that is held comes to stand exactly there, and then goes on. */
  private void holdOne() {
    List<Subscription> all = subscriptions();
    Subscription one = all.get(world.any(all.size()));
    Map<Integer, Long> before = new HashMap<>();
    one.store.state().cursors().forEach((at, cursor) -> before.put(at, cursor.nextOffset()));
    one.holdAt = log.ends(one.start.keySet(), world.any(8));
    publish();
    world.run(world.now() + 10 * World.SECONDS);
    append(20);
    world.run(world.now() + 20 * World.SECONDS);
    if (!standsRightly(one)) {
      for (Cursor cursor : one.store.state().cursors().values()) {
        long hold = one.holdAt.get(cursor.partition());
        long end = log.partitions(one.topicId).get(cursor.partition()).end;
        // Of a log that was cut off behind it, it hears when it wants to read on.
        long expected = Math.max(before.get(cursor.partition()), Math.min(hold, end));
        if (cursor.nextOffset() != expected) {
          violate(one, "is held at " + one.holdAt + " and stands at " + cursor);
        }
      }
    }
    one.holdAt = null;
    publish();
    world.run(world.now() + 20 * World.SECONDS);
  }

  private String ends() {
    StringBuilder text = new StringBuilder("log");
    log.partitions.forEach(
        each -> text.append(' ').append(each.start).append("..").append(each.end));
    return text.toString();
  }

  private String standing(Subscription of) {
    StringBuilder text = new StringBuilder();
    for (SimulatedWorker worker : workers()) {
      Trouble trouble = worker.stands(of);
      text.append(' ')
          .append(worker.name)
          .append(' ')
          .append(trouble == null ? "-" : trouble.code());
    }
    return text.toString();
  }

  private boolean isSettled() {
    return subscriptions.stream().filter(each -> !each.retracted).allMatch(this::isSettled);
  }

  private boolean isSettled(Subscription of) {
    return (oracle.isAtEnd(of) && oracle.isAmended(of) && !oracle.isDiverged(of))
        || standsRightly(of);
  }

  private boolean standsRightly(Subscription of) {
    for (SimulatedWorker worker : workers()) {
      Trouble trouble = worker.stands(of);
      if (trouble != null
          && (oracle.isTrue(of, trouble.code())
              || trueOnce.getOrDefault(of.name, Set.of()).contains(trouble.code()))) {
        return true;
      }
    }
    return false;
  }

  private void check(Subscription of) {
    oracle.wrong(of).ifPresent(what -> violate(of, what));
  }

  private void violate(Subscription of, String what) {
    if (violation.isEmpty()) {
      violation = Optional.of(of.name + ": " + what);
      world.trace(() -> "VIOLATION " + violation.get());
    }
  }

  @Override
  public SimulatedLog log() {
    return log;
  }

  @Override
  public Subscription subscription(PipelinePlan plan) {
    return subscriptions.stream()
        .filter(each -> each.uid.equals(plan.uid()))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void stands(SimulatedWorker worker, Subscription of, Trouble trouble) {
    if (oracle.isTrue(of, trouble.code())) {
      trueOnce.computeIfAbsent(of.name, key -> new HashSet<>()).add(trouble.code());
    }
  }

  @Override
  public void wrote(Subscription of) {
    if (world.chance(0.2)) {
      check(of);
    }
  }

  @Override
  public void shows(Subscription of, Standing standing) {
    if (!of.store.wasFlushed(standing.partition(), standing.flushed())) {
      violate(of, "told as flushed and was not: " + standing);
    }
  }

  @Override
  public void amended(Subscription of) {
    check(of);
  }

  @Override
  public Map<String, Corrections> corrections() {
    Map<String, Corrections> all = new TreeMap<>();
    subscriptions.forEach(each -> all.put(each.uid, each.corrections()));
    return all;
  }

  /** Each worker hears of it some time later. */
  void correct(Subscription of, String place, Subscription.Fix fix) {
    of.correct(place, fix);
    world.trace(() -> of.name + " corrected at " + place + ": " + fix);
    workers()
        .forEach(
            worker -> world.after(World.any(world, 300 * World.MILLIS), worker::hearCorrections));
  }

  List<SimulatedWorker> workers() {
    return workers.stream().filter(each -> !each.isDead()).toList();
  }

  List<Subscription> subscriptions() {
    return subscriptions.stream().filter(each -> !each.retracted).toList();
  }

  /**
   * Of a log that was cut off and grew again, nobody can tell when it begins exactly where a store
   * stands: the broker has forgotten where the epoch before ended.
   */
  boolean hidesTruncation(int partition, long start) {
    return subscriptions().stream()
        .filter(oracle::isDiverged)
        .map(each -> each.store.state().cursors().get(partition))
        .anyMatch(cursor -> cursor != null && cursor.nextOffset() == start);
  }

  /**
   * Whether it was. As a controller does it: from where the partitions are said to stand, to where
   * the log begins. Of a store that was fed from what the log has lost at its end, too, nobody can
   * tell any more.
   */
  boolean acceptLoss(Subscription of) {
    if (!saysLost(of) || oracle.isDiverged(of)) {
      return false;
    }
    boolean accepted = false;
    for (Cursor cursor : of.store.state().cursors().values()) {
      long start = log.partitions(of.topicId).get(cursor.partition()).start;
      PipelinePlan.Gap gap = new PipelinePlan.Gap(cursor.partition(), cursor.nextOffset(), start);
      if (gap.from() < gap.to() && !of.gaps.contains(gap)) {
        accepted |= of.gaps.add(gap);
      }
    }
    if (accepted) {
      of.gaps.sort(
          Comparator.comparingInt(PipelinePlan.Gap::partition)
              .thenComparingLong(PipelinePlan.Gap::from));
      trueOnce.getOrDefault(of.name, new HashSet<>()).remove("HistoryLost");
      world.trace(() -> of.name + " goes on without " + of.gaps);
      publish();
    }
    return accepted;
  }

  private boolean saysLost(Subscription of) {
    return workers().stream()
        .map(worker -> worker.stands(of))
        .anyMatch(trouble -> trouble != null && trouble.code().equals("HistoryLost"));
  }

  void begin() {
    workers.add(new SimulatedWorker("w" + workers.size(), world, this));
    publish();
  }

  void subscribe() {
    String name = "s" + names++;
    subscriptions.add(
        new Subscription(
            name,
            name + "-uid",
            world.chance(0.3),
            world.chance(0.6) ? 50 : 0,
            POLICIES[world.any(POLICIES.length)],
            world.chance(0.3),
            log,
            world));
    publish();
  }

  /** Each worker hears of it some time later, and of the newest. */
  void publish() {
    for (SimulatedWorker worker : workers()) {
      world.after(
          World.any(world, 300 * World.MILLIS),
          () ->
              worker.hear(core -> {
                Map<ObjectKey, PipelinePlan> plans = new TreeMap<>();
                subscriptions().forEach(each -> plans.put(each.name, each.plan()));
                core.plans(plans);
              }));
    }
  }

  /** The group gives each partition to one worker, and each hears of it some time later. */
  void rebalance() {
    Map<SimulatedWorker, Set<TopicPartition>> given = new HashMap<>();
    List<SimulatedWorker> alive =
        workers().stream().filter(each -> !each.isPaused() || world.chance(0.3)).toList();
    List<SimulatedWorker> members = alive.isEmpty() ? workers() : alive;
    if (members.isEmpty()) {
      return;
    }
    for (int i = 0; i < log.partitions.size(); i++) {
      give(given, members, new TopicPartition(Subscription.TOPIC, i));
    }
    give(given, members, new TopicPartition(Topics.REQUESTS, 0));
    for (SimulatedWorker worker : workers()) {
      Set<TopicPartition> mine = given.getOrDefault(worker, Set.of());
      long generation = ++generations;
      owners.put(worker, generation);
      world.after(
          World.any(world, 1500 * World.MILLIS),
          () -> {
            if (owners.get(worker) == generation) {
              worker.hear(core -> core.owned(mine));
            }
          });
    }
  }

  private void give(
      Map<SimulatedWorker, Set<TopicPartition>> given,
      List<SimulatedWorker> members,
      TopicPartition partition) {
    given
        .computeIfAbsent(members.get(world.any(members.size())), key -> new HashSet<>())
        .add(partition);
  }

  private void feed() {
    world.after(
        World.any(world, 80 * World.MILLIS),
        () -> {
          if (publishing) {
            append(world.any(5));
            feed();
          }
        });
  }

  void append(int count) {
    for (int i = 0; i < count; i++) {
      events++;
      SimulatedLog.Kind kind =
          world.chance(broken)
              ? SimulatedLog.Kind.BROKEN
              : world.chance(0.15) ? SimulatedLog.Kind.TOMBSTONE : SimulatedLog.Kind.GOOD;
      log.append(world.any(KEYS), kind, world.any(100));
    }
  }
}
