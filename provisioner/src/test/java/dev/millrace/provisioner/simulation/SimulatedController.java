package dev.millrace.provisioner.simulation;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Condition;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.needs.plan.Alterations;
import dev.millrace.needs.plan.Rebuilds;
import dev.millrace.needs.reconcile.Fault;
import dev.millrace.needs.reconcile.Observed;
import dev.millrace.needs.reconcile.SchemaStanding;
import dev.millrace.needs.reconcile.Shadow;
import dev.millrace.needs.reconcile.Step;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.StoreProblem;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A controller: the real decisions, and hands that are slow, fail, or do not answer. What it knows
 * besides the topics and the stores is gone when it is killed.
 */
final class SimulatedController {
  private static final int STEPS_A_ROUND = 10;
  private static final long RETRY_PASSING = 2 * World.SECONDS;
  private static final long RETRY_OTHER = 10 * World.SECONDS;
  private static final long RESYNC = 30 * World.SECONDS;
  private static final Set<String> NOT_YET = Set.of("RebuildBehind", "TableLocked");
  private static final Condition READY =
      new Condition(Condition.Types.READY, "True", "HistoryProven", "", 1, Instant.EPOCH);

  private static final Fault SOURCE_AWAY = new Fault("SourceUnavailable", "away", "wait", true);

  /** What it acts upon. */
  interface Platform {
    SimulatedLog log();

    SimulatedDefinitions definitions();

    /** A plan was written: workers will hear of it. */
    void published();

    Map<Integer, PartitionReport> reports(ObjectKey pipeline);

    /** All that are wanted, and those that are to be deleted. */
    List<Subscription> wanted();

    /** Whether a comparison of this shadow with the log finds nothing. */
    Optional<Boolean> isRight(Subscription of, PipelinePlan shadow);

    void isReady(Subscription of, PipelinePlan plan);

    void forgotten(Subscription of);
  }

  private final World world;
  private final Platform platform;
  private final long longestHold;
  private final long betweenHolds;
  private final Set<InFlight> inFlight = new LinkedHashSet<>();
  private final Set<Subscription> byHand = new HashSet<>();
  private Life life;

  /** From one start to the next. */
  private final class Life {
    final RebuildNotes notes = new RebuildNotes(world, longestHold, betweenHolds);
    final Set<Subscription> waiting = new HashSet<>();
    final Set<Subscription> running = new HashSet<>();

    /** Those of which nothing new is to be expected. */
    final Set<Subscription> atRest = new HashSet<>();

    Map<ObjectKey, PipelinePlan> plans = new TreeMap<>();
    boolean started;
    boolean ended;
  }

  /** What was sent to others and has not arrived yet. */
  private static final class InFlight {
    final Runnable what;
    boolean done;

    InFlight(Runnable what) {
      this.what = what;
    }
  }

  SimulatedController(World world, Platform platform) {
    this.world = world;
    this.platform = platform;
    this.longestHold = (2 + world.any(10)) * World.SECONDS;
    this.betweenHolds = (1 + world.any(15)) * World.SECONDS;
    this.life = new Life();
    start(life);
    resync();
  }

  private void resync() {
    world.after(
        RESYNC,
        () -> {
          lookAtAll();
          resync();
        });
  }

  private void lookAtAll() {
    platform.wanted().forEach(this::add);
  }

  private void start(Life begun) {
    if (platform.log().up) {
      begun.plans = platform.definitions().all();
      begun.started = true;
      lookAtAll();
    } else {
      world.after(World.SECONDS, () -> start(begun));
    }
  }

  /** What is under way arrives now, or never; another begins a while later. */
  void kill() {
    life.ended = true;
    for (InFlight each : List.copyOf(inFlight)) {
      if (!each.done && world.chance(0.5)) {
        each.what.run();
      }
      each.done = true;
    }
    inFlight.clear();
    world.trace(() -> "controller killed");
    life = new Life();
    Life next = life;
    world.after(World.SECONDS / 2 + World.any(world, 3 * World.SECONDS), () -> start(next));
  }

  /** Keeps its hands off this one for a while; not when it is just about something there. */
  boolean leave(Subscription of) {
    return !life.running.contains(of) && byHand.add(of);
  }

  void takeUp(Subscription of) {
    if (byHand.remove(of)) {
      life.plans = platform.definitions().all();
      add(of);
    }
  }

  boolean isByHand(Subscription of) {
    return byHand.contains(of);
  }

  /** Somebody looks at this shadow, or has. */
  boolean isCompared(PipelinePlan shadow) {
    return life.notes.of(shadow).verdict != Shadow.Verdict.UNKNOWN;
  }

  /** Something may be to do. */
  void add(Subscription of) {
    Life mine = life;
    mine.atRest.remove(of);
    if (mine.started && mine.waiting.add(of) && !mine.running.contains(of)) {
      begin(mine, of);
    }
  }

  /** A report came, which changes nothing for one that is done. */
  void reported(Subscription of, boolean troubled) {
    if (troubled || !life.atRest.contains(of)) {
      add(of);
    }
  }

  private void addLater(Life mine, Subscription of, long nanos) {
    world.after(
        nanos,
        () -> {
          if (mine == life) {
            add(of);
          }
        });
  }

  private void begin(Life mine, Subscription of) {
    world.after(
        World.MILLIS,
        () -> {
          if (!mine.ended) {
            mine.waiting.remove(of);
            mine.running.add(of);
            round(mine, of, Step.Done.NOTHING, 0);
          }
        });
  }

  private void end(Life mine, Subscription of) {
    mine.running.remove(of);
    if (mine.waiting.contains(of)) {
      begin(mine, of);
    }
  }

  private void round(Life mine, Subscription of, Step.Done done, int steps) {
    if (of.gone || byHand.contains(of)) {
      end(mine, of);
    } else if (steps == STEPS_A_ROUND) {
      add(of);
      end(mine, of);
    } else {
      act(new Round(mine, of, done, steps));
    }
  }

  /** A step of a round, and what comes after it. */
  private final class Round {
    final Life mine;
    final Subscription of;
    final Step.Done done;
    final int steps;

    Round(Life mine, Subscription of, Step.Done done, int steps) {
      this.mine = mine;
      this.of = of;
      this.done = done;
      this.steps = steps;
    }

    void next(Step.Done now) {
      round(mine, of, now, steps + 1);
    }

    void next() {
      next(done);
    }

    void ends() {
      end(mine, of);
    }

    void endsUntil(long nanos) {
      addLater(mine, of, nanos);
      ends();
    }

    void blocked(Fault fault) {
      endsUntil(fault.passing() ? RETRY_PASSING : RETRY_OTHER);
    }
  }

  private Observed observe(Round round) {
    Subscription of = round.of;
    Map<ObjectKey, PipelinePlan> plans = round.mine.plans;
    Optional<PipelinePlan> published = Optional.ofNullable(plans.get(of.name));
    Optional<Shadow> shadow =
        Optional.ofNullable(plans.get(of.shadowName)).map(plan -> shadow(round.mine, plan));
    return new Observed(
        1,
        of.deleting,
        published,
        Optional.of(
            of.wanted(
                published, shadow.map(Shadow::plan), platform.log().ends(of.start.keySet(), 0))),
        true,
        platform.reports(of.name),
        of.ready ? List.of(READY) : List.of(),
        Optional.empty(),
        shadow,
        published
            .map(live ->
                SchemaStanding.FITS.altering(
                    round.mine.notes.patience(live), round.mine.notes.fault(live)))
            .orElse(SchemaStanding.FITS));
  }

  private Shadow shadow(Life mine, PipelinePlan plan) {
    return new Shadow(
        plan,
        platform.reports(plan.subscription()),
        mine.notes.of(plan).verdict,
        mine.notes.patience(plan),
        mine.notes.fault(plan));
  }

  private void act(Round round) {
    Observed seen = observe(round);
    Step step = Step.next(seen, round.done);
    trace(round.of, step);
    switch (step) {
      case Step.Provision provision ->
          ask(
              round,
              store -> store.provision(provision.plan()),
              () -> round.next(round.done.provisioned(provision.plan())));
      case Step.Publish publish -> publish(round, publish.plan(), round::next);
      case Step.Prove prove -> prove(round, prove.plan());
      case Step.Compare compare -> compare(round, compare.shadow());
      case Step.Hold hold -> hold(round, hold);
      case Step.Swap swap -> swap(round, swap);
      case Step.HoldToAlter hold -> holdToAlter(round, hold);
      case Step.Alter alter -> alter(round, seen, alter.next());
      case Step.Drop drop ->
          ask(
              round,
              store -> store.withdraw(drop.shadow()),
              () -> round.next(round.done.nowDropped(drop.shadow())));
      case Step.Withdraw withdraw ->
          ask(
              round,
              store -> store.withdraw(withdraw.plan()),
              () -> round.next(round.done.nowWithdrawn()));
      case Step.Retract retract -> retract(round, retract.plan());
      case Step.Forget forget -> {
        platform.forgotten(round.of);
        round.ends();
      }
      case Step.Rest rest -> rest(round, seen);
    }
  }

  private void trace(Subscription of, Step step) {
    if (!(step instanceof Step.Rest)) {
      world.trace(() -> "controller " + of.name.name() + " " + text(step));
    }
  }

  private static String text(Step step) {
    return switch (step) {
      case Step.Publish publish -> "Publish " + text(publish.plan());
      case Step.Provision provision -> "Provision " + text(provision.plan());
      default -> step.getClass().getSimpleName();
    };
  }

  static String text(PipelinePlan plan) {
    return plan.uid()
        + " "
        + plan.definition()
        + " "
        + plan.state()
        + (plan.holdAt() == null ? "" : " held at " + plan.holdAt());
  }

  private void rest(Round round, Observed seen) {
    boolean done =
        round.of.ready && seen.shadow().isEmpty() && seen.published().equals(seen.wanted());
    if (done) {
      round.mine.atRest.add(round.of);
    }
    if (comesBack(seen)) {
      addLater(round.mine, round.of, World.SECONDS);
    }
    round.ends();
  }

  /** A real controller looks at all now and then. */
  private static boolean comesBack(Observed seen) {
    Shadow.Patience patience = seen.shadow().map(Shadow::patience).orElse(seen.schema().patience());
    return patience == Shadow.Patience.COMING_BACK;
  }

  /** Sends something that takes effect later, or never when it is killed meanwhile. */
  private void send(long latency, Runnable what) {
    InFlight sent = new InFlight(what);
    inFlight.add(sent);
    world.after(
        latency,
        () -> {
          if (!sent.done) {
            sent.done = true;
            inFlight.remove(sent);
            sent.what.run();
          }
        });
  }

  private interface Deed {
    void in(SimulatedStore store) throws StoreProblem;
  }

  private void ask(Round round, Deed deed, Runnable then) {
    ask(round, deed, then, problem -> round.blocked(fault(problem)));
  }

  private void ask(Round round, Deed deed, Runnable then, Consumer<StoreProblem> otherwise) {
    SimulatedStore store = round.of.store;
    send(
        store.latency(),
        () -> {
          StoreProblem problem = problem(store, deed);
          world.after(
              store.latency(),
              () -> {
                if (!round.mine.ended) {
                  answered(problem, then, otherwise);
                }
              });
        });
  }

  private @Nullable StoreProblem problem(SimulatedStore store, Deed deed) {
    try {
      deed.in(store);
    } catch (StoreProblem problem) {
      return problem;
    }
    return world.chance(store.answersLost)
        ? new StoreProblem("StoreUnavailable", "no answer", "wait", true)
        : null;
  }

  private static void answered(
      @Nullable StoreProblem problem, Runnable then, Consumer<StoreProblem> otherwise) {
    if (problem == null) {
      then.run();
    } else {
      otherwise.accept(problem);
    }
  }

  private static Fault fault(StoreProblem problem) {
    return new Fault(
        problem.code(), String.valueOf(problem.getMessage()), problem.remedy(), problem.passing());
  }

  private void publish(Round round, PipelinePlan plan, Runnable then) {
    write(
        round,
        plan.subscription(),
        plan,
        () -> {
          if (plan.holdAt() == null) {
            round.mine.notes.released(plan);
          }
          then.run();
        });
  }

  private void retract(Round round, PipelinePlan plan) {
    write(
        round,
        plan.subscription(),
        null,
        () -> {
          round.mine.notes.forget(plan);
          round.next();
        });
  }

  private void write(Round round, ObjectKey key, @Nullable PipelinePlan plan, Runnable then) {
    SimulatedDefinitions topic = platform.definitions();
    send(
        world.latency(),
        () -> {
          boolean unsure = world.chance(topic.answersLost);
          if (!platform.log().up && !unsure) {
            world.after(World.SECONDS / 5, () -> writeAgain(round, key, plan, then));
            return;
          }
          if (!unsure || world.chance(0.5)) {
            topic.append(key, plan);
            platform.published();
          }
          world.after(world.latency(), () -> written(round, key, plan, unsure, then));
        });
  }

  private void writeAgain(Round round, ObjectKey key, @Nullable PipelinePlan plan, Runnable then) {
    if (!round.mine.ended) {
      write(round, key, plan, then);
    }
  }

  private void written(
      Round round, ObjectKey key, @Nullable PipelinePlan plan, boolean unsure, Runnable then) {
    if (round.mine.ended) {
      return;
    }
    if (unsure) {
      // Only the topic can tell now.
      round.mine.plans = platform.definitions().all();
      round.blocked(SOURCE_AWAY);
      return;
    }
    if (plan == null) {
      round.mine.plans.remove(key);
    } else {
      round.mine.plans.put(key, plan);
    }
    then.run();
  }

  private void prove(Round round, PipelinePlan plan) {
    boolean[] proven = new boolean[1];
    ask(
        round,
        store -> {
          List<Cursor> cursors = store.cursors(plan.uid());
          store.flush(store.epoch());
          proven[0] =
              cursors.size() == plan.cutover().size()
                  && cursors.stream()
                      .allMatch(
                          cursor -> cursor.nextOffset() >= plan.cutover().get(cursor.partition()));
          if (proven[0]) {
            platform.isReady(round.of, plan);
          }
        },
        () -> {
          if (proven[0]) {
            round.of.ready = true;
            add(round.of);
          }
          round.ends();
        });
  }

  /** A worker is asked, and answers some time later. */
  private void compare(Round round, PipelinePlan shadow) {
    RebuildNotes.Notes notes = round.mine.notes.of(shadow);
    if (!platform.log().up) {
      round.blocked(SOURCE_AWAY);
      return;
    }
    notes.verdict = Shadow.Verdict.BEING_COMPARED;
    world.after(
        world.latency() * (1 + world.any(20)),
        () -> {
          notes.verdict =
              platform
                  .isRight(round.of, shadow)
                  .map(right -> right ? Shadow.Verdict.RIGHT : Shadow.Verdict.WRONG)
                  .orElse(Shadow.Verdict.UNKNOWN);
          if (!round.mine.ended) {
            world.trace(() -> "compared " + shadow.uid() + " " + notes.verdict);
            addLater(
                round.mine,
                round.of,
                notes.verdict == Shadow.Verdict.UNKNOWN ? World.SECONDS : World.MILLIS);
          }
        });
    round.ends();
  }

  private void hold(Round round, Step.Hold hold) {
    ask(
        round,
        store -> store.checkSwap(hold.live()),
        () -> {
          if (!platform.log().up) {
            round.blocked(SOURCE_AWAY);
            return;
          }
          round.mine.notes.holds(hold.shadow());
          holdAt(
              round, hold.live(), hold.shadow(), platform.log().ends(round.of.start.keySet(), 0));
        },
        problem -> {
          if (!problem.passing()) {
            round.mine.notes.blocked(hold.shadow(), fault(problem));
          }
          round.blocked(fault(problem));
        });
  }

  /** Never to before the place since when the columns are what they are. */
  private void holdToAlter(Round round, Step.HoldToAlter hold) {
    PipelinePlan live = hold.live();
    Map<Integer, Long> ends =
        Rebuilds.further(
            Alterations.settled(live), platform.log().ends(round.of.start.keySet(), 0));
    ask(
        round,
        store -> store.checkAlter(Alterations.altered(live, hold.wanted(), ends)),
        () -> {
          round.mine.notes.holds(live);
          publish(round, live.heldAt(ends), round::next);
        },
        problem -> {
          if (!problem.passing()) {
            round.mine.notes.blocked(live, fault(problem));
          }
          round.blocked(fault(problem));
        });
  }

  private void alter(Round round, Observed seen, PipelinePlan next) {
    PipelinePlan live = seen.published().orElseThrow();
    ask(
        round,
        store -> store.alter(next),
        () -> {
          round.mine.notes.forget(live);
          round.next(round.done.nowAltered(next));
        },
        problem -> notAltered(round, live, problem));
  }

  private void notAltered(Round round, PipelinePlan live, StoreProblem problem) {
    boolean held = live.holdAt() != null;
    if (held && problem.code().equals("AlterBehind")) {
      round.mine.notes.notYet(live);
      holdFurther(round, live);
    } else if (held && problem.code().equals("TableLocked")) {
      round.mine.notes.notYet(live);
      round.endsUntil(lookAtHeld());
    } else if (held && !problem.passing()) {
      round.mine.notes.blocked(live, fault(problem));
      round.endsUntil(lookAtHeld());
    } else {
      round.blocked(fault(problem));
    }
  }

  private void holdFurther(Round round, PipelinePlan live) {
    Map<Integer, Long> places = new TreeMap<>();
    ask(
        round,
        store ->
            store
                .cursors(live.uid())
                .forEach(cursor -> places.put(cursor.partition(), cursor.nextOffset())),
        () ->
            publish(
                round,
                live.heldAt(Rebuilds.further(live.holdAt(), places)),
                () -> round.endsUntil(lookAtHeld())));
  }

  private void holdAt(
      Round round, PipelinePlan live, PipelinePlan shadow, Map<Integer, Long> places) {
    publish(round, shadow.heldAt(places), () -> publish(round, live.heldAt(places), round::next));
  }

  private void swap(Round round, Step.Swap swap) {
    Subscription of = round.of;
    long late = of.store.swapsLate && world.chance(0.5) ? World.any(world, longestHold) : 0;
    ask(
        round,
        store -> store.swap(swap.live(), swap.shadow(), swap.next(), late),
        () -> round.next(round.done.nowSwapped(swap.shadow())),
        problem -> notSwapped(round, swap, problem));
  }

  private void notSwapped(Round round, Step.Swap swap, StoreProblem problem) {
    if (NOT_YET.contains(problem.code())) {
      round.mine.notes.notYet(swap.shadow());
      if (problem.code().equals("RebuildBehind")) {
        holdFurther(round, swap);
        return;
      }
    } else if (problem.passing()) {
      round.blocked(fault(problem));
      return;
    } else {
      round.mine.notes.blocked(swap.shadow(), fault(problem));
    }
    round.endsUntil(lookAtHeld());
  }

  private long lookAtHeld() {
    return World.SECONDS / 10 + World.any(world, World.SECONDS / 5);
  }

  private void holdFurther(Round round, Step.Swap swap) {
    Map<String, Map<Integer, Long>> places = new HashMap<>();
    ask(
        round,
        store -> {
          for (PipelinePlan each : List.of(swap.live(), swap.shadow())) {
            Map<Integer, Long> at = new TreeMap<>();
            store
                .cursors(each.uid())
                .forEach(cursor -> at.put(cursor.partition(), cursor.nextOffset()));
            places.put(each.uid(), at);
          }
        },
        () -> {
          Map<Integer, Long> further =
              Rebuilds.further(
                  swap.live().holdAt(),
                  places.get(swap.live().uid()),
                  places.get(swap.shadow().uid()));
          if (further.equals(swap.live().holdAt())) {
            round.endsUntil(lookAtHeld());
          } else {
            publish(
                round,
                swap.shadow().heldAt(further),
                () ->
                    publish(
                        round, swap.live().heldAt(further), () -> round.endsUntil(lookAtHeld())));
          }
        });
  }
}
