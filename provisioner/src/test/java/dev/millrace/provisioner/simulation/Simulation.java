package dev.millrace.provisioner.simulation;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.Topics;
import dev.millrace.api.correction.Correction;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.needs.plan.Rebuilds;
import dev.millrace.provisioner.core.Trouble;
import dev.millrace.provisioner.correction.Corrections;
import dev.millrace.provisioner.report.Standing;
import dev.millrace.stores.Batch;
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
final class Simulation implements SimulatedWorker.Cluster, SimulatedController.Platform {
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
  private final SimulatedDefinitions definitions = new SimulatedDefinitions();
  private final SimulatedController controller;
  private final Map<ObjectKey, Map<Integer, PartitionReport>> reports = new HashMap<>();
  private final Map<String, Set<String>> trueOnce = new HashMap<>();
  private final Map<String, Integer> kinds = new TreeMap<>();
  private final Map<SimulatedWorker, Long> owners = new HashMap<>();
  private long generations;
  private final boolean destructive;
  private final boolean rebuilding;
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
    this.rebuilding = world.chance(0.5);
    this.broken = world.chance(0.5) ? 0.03 : 0;
    this.pace = new long[] {60, 120, 1000}[world.any(3)] * World.MILLIS;
    this.controller = new SimulatedController(world, this);
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
    rebalance();
    feed();
    Faults striking = new Faults(this, world, log, destructive, rebuilding);
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
        (int) subscriptions.stream().filter(each -> !each.gone && !oracle.isAtEnd(each)).count();
    return new Result(seed, struck, kinds, events, stopped, violation, world.fingerprint());
  }

  /** Everything heals; then everything that can come to its end must. */
  private void finish() {
    publishing = false;
    log.up = true;
    definitions.answersLost = 0;
    for (Subscription each : subscriptions) {
      each.state = "Running";
      each.store.heal();
      changed(each);
      controller.takeUp(each);
    }
    workers.forEach(SimulatedWorker::resume);
    workers.forEach(worker -> worker.plansAreLate(0));
    while (workers().size() < 2) {
      begin();
    }
    rebalance();
    settle();
    cancelWhatStands();
    // Whatever is still under way may do no harm either.
    world.run(world.now() + 20 * World.SECONDS);
    checkOrphans();
    if (!subscriptions().isEmpty()) {
      pauseOne();
      holdOne();
      if (rebuilding) {
        rebuildOne();
      }
    }
    for (Subscription each : subscriptions) {
      if (!each.gone) {
        check(each, each.uid);
        if (violation.isEmpty() && !isSettled(each)) {
          violate(each, "does not come to its end: " + each.store + " " + ends() + standing(each));
        }
      }
    }
    checkOrphans();
  }

  private void settle() {
    long until = world.now() + PATIENCE;
    while (violation.isEmpty() && world.now() < until && !isSettled()) {
      world.run(world.now() + World.SECONDS);
    }
  }

  /** A rebuild that has a reason not to come to its end goes when nobody wants it any more. */
  private void cancelWhatStands() {
    for (int again = 0; again < 3 && violation.isEmpty(); again++) {
      List<Subscription> rebuilt =
          subscriptions().stream().filter(each -> !isRebuildSettled(each)).toList();
      rebuilt.forEach(each -> {
        definitions.newest(each.name).ifPresent(each::wantsAgain);
        changed(each);
      });
      long until = world.now() + PATIENCE;
      while (violation.isEmpty()
          && world.now() < until
          && !(isSettled() && rebuilt.stream().allMatch(this::isRebuildSettled))) {
        world.run(world.now() + World.SECONDS);
      }
    }
    for (Subscription each : subscriptions()) {
      if (violation.isEmpty() && !isRebuildSettled(each)) {
        violate(each, "a rebuild that was cancelled does not go: " + rebuild(each));
      }
    }
  }

  /** What nobody has a plan for must not be in a store. */
  private void checkOrphans() {
    for (Subscription each : subscriptions) {
      for (String uid : each.store.uids()) {
        boolean known =
            (uid.equals(each.uid) && !each.gone)
                || definitions.newest(each.shadowName).map(PipelinePlan::uid).stream()
                    .anyMatch(uid::equals);
        if (!known && !each.store.isRisen(uid)) {
          violate(each, "has left " + uid + " in its store");
        }
      }
    }
  }

  /** One that is paused stands still, while the others go on; then it goes on too. */
  private void pauseOne() {
    List<Subscription> all = subscriptions();
    Subscription one = all.get(world.any(all.size()));
    one.state = world.chance(0.5) ? "Paused" : "Stopped";
    changed(one);
    world.run(world.now() + 20 * World.SECONDS);
    String before = one.store.toString();
    append(20);
    world.run(world.now() + 20 * World.SECONDS);
    if (!one.store.toString().equals(before)) {
      violate(one, "is " + one.state + " at " + before + ", and went on to " + one.store);
    }
    for (Subscription each : all) {
      if (each != one && violation.isEmpty() && !isSettled(each)) {
        violate(each, "is kept by " + one.name + ": " + each.store + " " + ends() + standing(each));
      }
    }
    one.state = "Running";
    changed(one);
    world.run(world.now() + 20 * World.SECONDS);
  }

  /** One that is held comes to stand exactly there, and then goes on. */
  private void holdOne() {
    List<Subscription> all = subscriptions();
    Subscription one = all.get(world.any(all.size()));
    Map<Integer, Long> before = places(one);
    Map<Integer, Long> hold = log.ends(one.start.keySet(), world.any(8));
    if (!hold(one, hold)) {
      return;
    }
    world.run(world.now() + 10 * World.SECONDS);
    append(20);
    world.run(world.now() + 20 * World.SECONDS);
    if (!standsRightly(one)) {
      places(one)
          .forEach((partition, place) -> {
            long end = log.partitions(one.topicId).get(partition).end;
            // Of a log that was cut off behind it, it hears when it wants to read on.
            long expected = Math.max(before.get(partition), Math.min(hold.get(partition), end));
            if (place != expected) {
              violate(one, "is held at " + hold + " and stands at " + one.store);
            }
          });
    }
    controller.takeUp(one);
    world.run(world.now() + 20 * World.SECONDS);
  }

  private static Map<Integer, Long> places(Subscription of) {
    return of.table().map(SimulatedStore.Table::places).orElse(Map.of());
  }

  /** A plan is written with no controller having decided it; none looks at it until told. */
  boolean hold(Subscription of, Map<Integer, Long> places) {
    Optional<PipelinePlan> live =
        definitions.newest(of.name).filter(plan -> definitions.newest(of.shadowName).isEmpty());
    boolean held = live.isPresent() && !of.deleting && controller.leave(of);
    if (held) {
      definitions.append(of.name, live.get().heldAt(places));
      published();
    }
    return held;
  }

  /** With nothing in its way, and events that come meanwhile, it is done in good time. */
  private void rebuildOne() {
    List<Subscription> all = subscriptions().stream().filter(oracle::isAtEnd).toList();
    if (all.isEmpty() || violation.isPresent()) {
      return;
    }
    Subscription one = all.get(world.any(all.size()));
    if (world.chance(0.6)) {
      one.shape = one.shape.another(world);
    } else if (world.chance(0.6) && one.shape.added().size() < Shape.MOST_ADDED) {
      one.shape = one.shape.grown();
    } else {
      one.token = "last";
    }
    changed(one);
    for (int i = 0; i < 10; i++) {
      world.run(world.now() + World.SECONDS);
      append(3);
    }
    settle();
    if (violation.isEmpty() && !isRebuildSettled(one) && !rebuildStandsRightly(one)) {
      violate(one, "is not rebuilt: " + rebuild(one));
    }
    cancelWhatStands();
    settle();
    if (violation.isEmpty() && isFed(one) && world.chance(0.3)) {
      setBack(one);
    }
  }

  /** Set back to before its rebuild it stands; and goes on by itself when that is put right. */
  private void setBack(Subscription one) {
    if (!one.store.restoreBeforeSwap()) {
      return;
    }
    world.run(world.now() + 20 * World.SECONDS);
    append(5);
    String before = one.store.toString();
    world.run(world.now() + 10 * World.SECONDS);
    if (!one.store.toString().equals(before)) {
      violate(one, "is fed on from " + before + ", as it was before a rebuild: " + one.store);
    }
    one.store.restoreAfterSwap();
    world.run(world.now() + 10 * World.SECONDS);
    settle();
  }

  private String rebuild(Subscription of) {
    return of.store
        + " live "
        + definitions.newest(of.name).map(SimulatedController::text).orElse("none")
        + ", shadow "
        + definitions.newest(of.shadowName).map(SimulatedController::text).orElse("none")
        + ", wanted "
        + of.shape
        + " "
        + of.token
        + ", "
        + ends()
        + standing(of);
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
      Trouble live = worker.stands(of.name);
      Trouble shadow = worker.stands(of.shadowName);
      text.append(' ')
          .append(worker.name)
          .append(' ')
          .append(live == null ? "-" : live.code())
          .append(shadow == null ? "" : "/" + shadow.code());
    }
    if (!of.ready) {
      reports(of.name).values().forEach(report -> text.append(", not ready: ").append(report));
    }
    return text.toString();
  }

  private boolean isSettled() {
    return subscriptions.stream().filter(each -> !each.gone).allMatch(this::isSettled);
  }

  private boolean isSettled(Subscription of) {
    return !of.deleting
        && (isFed(of) || standsRightly(of))
        && (isRebuildSettled(of) || rebuildStandsRightly(of));
  }

  private boolean isFed(Subscription of) {
    return oracle.isAtEnd(of)
        && oracle.isAmended(of)
        && of.table().filter(table -> oracle.isDiverged(of, table)).isEmpty()
        && (of.ready || definitions.newest(of.name).filter(this::isCutOff).isPresent());
  }

  /** The log was cut back to before the cutover, so that is not reached before it has grown. */
  private boolean isCutOff(PipelinePlan plan) {
    return plan.cutover().entrySet().stream()
        .anyMatch(cut -> cut.getValue() > log.partitions.get(cut.getKey()).end);
  }

  /** What runs is what is wanted, and nothing else is there. */
  private boolean isRebuildSettled(Subscription of) {
    return definitions.newest(of.shadowName).isEmpty()
        && definitions.newest(of.name).isPresent()
        && !of.wantsOther(definitions.newest(of.name).get())
        && (definitions.newest(of.name).get().holdAt() == null || controller.isByHand(of));
  }

  private boolean rebuildStandsRightly(Subscription of) {
    return standsRightly(of)
        || definitions
            .newest(of.shadowName)
            .filter(shadow ->
                standsRightly(of, shadow)
                    || isCutOff(shadow)
                    || of.store
                        .table(shadow.uid())
                        .map(SimulatedStore.Table::tampered)
                        .orElse(false))
            .isPresent();
  }

  private boolean standsRightly(Subscription of) {
    return definitions.newest(of.name).filter(live -> standsRightly(of, live)).isPresent();
  }

  private boolean standsRightly(Subscription of, PipelinePlan plan) {
    for (SimulatedWorker worker : workers()) {
      Trouble trouble = worker.stands(plan.subscription());
      if (trouble != null
          && (oracle.isTrue(of, plan, trouble.code())
              || trueOnce.getOrDefault(plan.uid(), Set.of()).contains(trouble.code()))) {
        return true;
      }
    }
    return false;
  }

  private void check(Subscription of, String uid) {
    of.store
        .table(uid)
        .filter(table -> uid.equals(of.uid) || !table.tampered())
        .flatMap(table -> oracle.wrong(of, table))
        .ifPresent(what -> violate(of, (uid.equals(of.uid) ? "" : "the shadow: ") + what));
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
  public SimulatedDefinitions definitions() {
    return definitions;
  }

  @Override
  public Subscription subscription(PipelinePlan plan) {
    String uid = Correction.uidOf(plan.uid());
    return subscriptions.stream().filter(each -> each.uid.equals(uid)).findFirst().orElseThrow();
  }

  @Override
  public void stands(PipelinePlan plan, Trouble trouble) {
    // A store that is set back once more may be right again, and has to be looked at then.
    boolean forGood = !trouble.code().equals("DefinitionBehind");
    if (forGood && oracle.isTrue(subscription(plan), plan, trouble.code())) {
      trueOnce.computeIfAbsent(plan.uid(), key -> new HashSet<>()).add(trouble.code());
    }
  }

  @Override
  public void wrote(PipelinePlan plan) {
    if (world.chance(0.2)) {
      check(subscription(plan), plan.uid());
    }
  }

  @Override
  public void passedItsHold(PipelinePlan plan, Batch.Move move) {
    violate(subscription(plan), "is held at " + plan.holdAt() + " and wrote " + move);
  }

  @Override
  public void shows(PipelinePlan plan, Standing standing) {
    Subscription of = subscription(plan);
    if (!of.store.wasFlushed(plan.uid(), standing.partition(), standing.flushed())) {
      violate(of, "told as flushed and was not: " + standing);
    }
  }

  @Override
  public boolean isAwaited(PipelinePlan plan) {
    Subscription of = subscription(plan);
    return !of.ready
        || definitions.newest(of.shadowName).isPresent()
        || reports(plan.subscription()).values().stream()
            .anyMatch(report -> report.reason() != null);
  }

  @Override
  public void report(PartitionReport report) {
    reports
        .computeIfAbsent(report.subscription(), key -> new TreeMap<>())
        .put(report.partition(), report);
    ObjectKey subscription = Rebuilds.subscriptionOf(report.subscription());
    subscriptions.stream()
        .filter(each -> each.name.equals(subscription))
        .forEach(each -> controller.reported(each, report.reason() != null));
  }

  @Override
  public void wipe(ObjectKey pipeline, Set<Integer> partitions) {
    Map<Integer, PartitionReport> all = reports.get(pipeline);
    if (all != null) {
      all.keySet().removeAll(partitions);
    }
  }

  @Override
  public Map<Integer, PartitionReport> reports(ObjectKey pipeline) {
    return reports.getOrDefault(pipeline, Map.of());
  }

  @Override
  public List<Subscription> wanted() {
    return subscriptions.stream().filter(each -> !each.gone).toList();
  }

  @Override
  public Optional<Boolean> isRight(Subscription of, PipelinePlan shadow) {
    return of.store.up && log.up
        ? of.store.table(shadow.uid()).map(table -> oracle.wrong(of, table).isEmpty())
        : Optional.empty();
  }

  @Override
  public void isReady(Subscription of, PipelinePlan plan) {
    check(of, of.uid);
    places(of)
        .forEach((partition, place) -> {
          if (place < plan.cutover().get(partition)) {
            violate(of, "is told to be ready at " + of.store);
          }
        });
  }

  @Override
  public void forgotten(Subscription of) {
    of.gone = true;
    world.trace(() -> of.name + " is gone");
  }

  @Override
  public void amended(PipelinePlan plan) {
    check(subscription(plan), plan.uid());
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

  /** Those that are to stay. */
  List<Subscription> subscriptions() {
    return subscriptions.stream().filter(each -> !each.deleting).toList();
  }

  SimulatedController controller() {
    return controller;
  }

  /**
   * Of a log that was cut off and grew again, nobody can tell when it begins exactly where a store
   * stands: the broker has forgotten where the epoch before ended.
   */
  boolean hidesTruncation(int partition, long start) {
    return subscriptions().stream()
        .anyMatch(each ->
            each.store.uids().stream()
                .flatMap(uid -> each.store.table(uid).stream())
                .filter(table -> oracle.isDiverged(each, table))
                .map(table -> table.places().get(partition))
                .anyMatch(place -> place != null && place == start));
  }

  /**
   * Whether it was. As a controller does it: from where the partitions are said to stand, to where
   * the log begins. Of a store that was fed from what the log has lost at its end, too, nobody can
   * tell any more.
   */
  boolean acceptLoss(Subscription of) {
    boolean diverged =
        of.store.uids().stream()
            .flatMap(uid -> of.store.table(uid).stream())
            .anyMatch(table -> oracle.isDiverged(of, table));
    boolean accepted = false;
    for (ObjectKey pipeline : List.of(of.name, of.shadowName)) {
      Optional<PipelinePlan> plan = definitions.newest(pipeline);
      if (!diverged && plan.isPresent() && saysLost(pipeline)) {
        accepted |=
            of.store.table(plan.get().uid()).filter(table -> acceptLoss(of, table)).isPresent();
        trueOnce.getOrDefault(plan.get().uid(), new HashSet<>()).remove("HistoryLost");
      }
    }
    if (accepted) {
      of.gaps.sort(
          Comparator.comparingInt(PipelinePlan.Gap::partition)
              .thenComparingLong(PipelinePlan.Gap::from));
      world.trace(() -> of.name + " goes on without " + of.gaps);
      changed(of);
    }
    return accepted;
  }

  private boolean acceptLoss(Subscription of, SimulatedStore.Table table) {
    boolean accepted = false;
    for (Cursor cursor : table.cursors().values()) {
      long start = log.partitions(of.topicId).get(cursor.partition()).start;
      PipelinePlan.Gap gap = new PipelinePlan.Gap(cursor.partition(), cursor.nextOffset(), start);
      if (gap.from() < gap.to() && !of.gaps.contains(gap)) {
        accepted |= of.gaps.add(gap);
      }
    }
    return accepted;
  }

  private boolean saysLost(ObjectKey pipeline) {
    return workers().stream()
        .map(worker -> worker.stands(pipeline))
        .anyMatch(trouble -> trouble != null && trouble.code().equals("HistoryLost"));
  }

  void begin() {
    workers.add(new SimulatedWorker("w" + workers.size(), world, this));
  }

  void subscribe() {
    Subscription made =
        new Subscription(
            "s" + names++,
            new Shape(world.chance(0.3), world.chance(0.6) ? 50 : 0, 0, List.of()),
            POLICIES[world.any(POLICIES.length)],
            world.chance(0.3),
            log,
            world);
    made.store.readers =
        (before, after) -> {
          Oracle.wentBack(before, after).ifPresent(what -> violate(made, what));
          if (!before.cursors().values().stream()
              .map(Cursor::definition)
              .toList()
              .equals(after.cursors().values().stream().map(Cursor::definition).toList())) {
            check(made, made.uid);
          }
        };
    subscriptions.add(made);
    changed(made);
  }

  /** Its owner wants something else, or a controller may have missed something. */
  void changed(Subscription of) {
    controller.add(of);
  }

  /** Each worker hears of it some time later. */
  @Override
  public void published() {
    workers().forEach(SimulatedWorker::plansCame);
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
      log.append(world.any(KEYS), kind, world.any(100), world.millis());
    }
  }
}
