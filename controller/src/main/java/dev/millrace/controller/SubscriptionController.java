package dev.millrace.controller;

import static dev.millrace.needs.reconcile.Shadow.Verdict.BEING_COMPARED;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Condition;
import dev.millrace.api.status.SubscriptionStatus;
import dev.millrace.needs.plan.Alterations;
import dev.millrace.needs.plan.Rebuilds;
import dev.millrace.needs.reconcile.Board;
import dev.millrace.needs.reconcile.DesiredSubscription;
import dev.millrace.needs.reconcile.Due;
import dev.millrace.needs.reconcile.Fault;
import dev.millrace.needs.reconcile.Observed;
import dev.millrace.needs.reconcile.Report;
import dev.millrace.needs.reconcile.SchemaStanding;
import dev.millrace.needs.reconcile.Shadow;
import dev.millrace.needs.reconcile.Step;
import dev.millrace.stores.Engines;
import dev.millrace.stores.Reader;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.credentials.Credentials;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.Admin;
import org.jboss.logging.Logger;

/**
 * Brings a subscription from what is to what is wanted: observe, decide, act, report. It may stop
 * after any step; the next start sees the same and goes on. Safe for several threads, as long as no
 * two are at the same subscription.
 */
public final class SubscriptionController {
  private static final Logger LOG = Logger.getLogger(SubscriptionController.class);

  /** Longer than any honest sequence of steps; a round that is not at rest by then comes again. */
  private static final int STEPS_A_ROUND = 10;

  private static final Duration RETRY_PASSING = Duration.ofSeconds(2);
  private static final Duration RETRY_OTHER = Duration.ofSeconds(15);
  private static final Duration LOOK_AT_COMPARISON = Duration.ofSeconds(1);
  private static final Duration LOOK_AT_HELD = Duration.ofMillis(100);

  private final Board board;
  private final PlanTopic plans;
  private final StatusTopic status;
  private final SourceObserver source;
  private final RebuildDesk rebuilds;
  private final Planning planning;
  private final StoreWork stores;
  private final ReaderDesk readers;
  private final HonourDesk honours;
  private final SwapDesk swaps;
  private final Agenda agenda;
  private final Clock clock;
  private final Map<ObjectKey, String> uids = new ConcurrentHashMap<>();
  private final Map<ObjectKey, SubscriptionStatus> reported = new ConcurrentHashMap<>();
  private final Map<ObjectKey, PipelinePlan> told = new ConcurrentHashMap<>();
  private final Map<ObjectKey, SchemaStanding> schemas = new ConcurrentHashMap<>();

  /**
   * @param kafka asked what there is of a product's topic
   * @param status of the platform that {@code plans} are of
   */
  public SubscriptionController(
      Board board,
      Admin kafka,
      PlanTopic plans,
      StatusTopic status,
      Engines engines,
      Sites sites,
      ReaderDesk readers,
      Agenda agenda,
      Clock clock) {
    this.board = board;
    this.plans = plans;
    this.status = status;
    this.source = new SourceObserver(kafka);
    this.planning = new Planning(board, source, engines, sites);
    this.stores = new StoreWork(board, engines, sites);
    this.readers = readers;
    this.agenda = agenda;
    this.clock = clock;
    this.rebuilds = new RebuildDesk(board, plans, status, clock);
    this.honours = new HonourDesk(board, readers, stores);
    this.swaps = new SwapDesk(source, stores, rebuilds, agenda, this::publish);
  }

  /** Every subscription there is, and those of which a pipeline is left. */
  public Set<ObjectKey> all() {
    Set<ObjectKey> all = new TreeSet<>(board.subscriptions());
    plans.subscriptions().forEach(pipeline -> all.add(Rebuilds.subscriptionOf(pipeline)));
    return all;
  }

  /**
   * It goes, and what it needed cannot be made out: its plan and its login go, as far as there are
   * any.
   */
  public void forgetUnknown(ObjectKey key) {
    retractLeftover(key);
    forget(key);
  }

  /** Something else was reported of it meanwhile, by whoever found its spec wrong. */
  public void unsay(ObjectKey key) {
    reported.remove(key);
  }

  /**
   * Has a pipeline stand still, though its subscription says otherwise.
   *
   * @return false when workers could not be told; that is arranged to be tried again
   */
  public boolean stop(ObjectKey pipeline) {
    try {
      plans.makeSure(pipeline);
      Optional<PipelinePlan> running =
          plans.published(pipeline).filter(plan -> !plan.state().equals("Stopped"));
      if (running.isPresent()) {
        plans.publish(running.get().inState("Stopped"));
        LOG.infof("stopped pipeline=%s", pipeline);
      }
      return true;
    } catch (SourceFault e) {
      LOG.warnf("not stopped yet pipeline=%s code=%s", pipeline, e.fault().code());
      agenda.addLater(Rebuilds.subscriptionOf(pipeline), RETRY_PASSING);
      return false;
    }
  }

  /**
   * Somebody permits it, or nobody has to.
   *
   * @param by what permits it, for whoever asks later; empty where nobody has to
   */
  public void permitted(ObjectKey key, Optional<String> by) {
    honours.permitted(key, by);
  }

  /** It ran, or was about to, because somebody permitted it. */
  public boolean wasPermitted(ObjectKey key) {
    return honours.wasPermitted(key);
  }

  /**
   * What was told of its reader's logins gets nobody in any more. A reader that the store's owner
   * brought is theirs.
   *
   * @param permission that was taken away, another name each time; done once for each
   * @return false when the store did not take it; that is arranged to be tried again
   */
  public boolean lockOut(ObjectKey key, String permission) {
    try {
      Optional<PipelinePlan> plan = plans.published(key);
      if (plan.isPresent()) {
        honours.lockOut(plan.get(), permission);
      }
      return true;
    } catch (StoreProblem e) {
      LOG.warnf("not locked out yet subscription=%s code=%s", key, e.code());
      agenda.addLater(key, e.passing() ? RETRY_PASSING : RETRY_OTHER);
      return false;
    }
  }

  /** The tokens that were honoured so far. */
  public Map<String, String> honoured(ObjectKey key) {
    return honours.all(key, plans.published(key));
  }

  /** A round for one subscription, which puts it on the agenda again when it is not at rest. */
  public void reconcile(ObjectKey key) {
    try {
      round(key);
    } catch (CancellationException e) {
      LOG.infof("given up subscription=%s: %s", key, e.getMessage());
    } catch (RuntimeException e) {
      // A fault of ours must not end the controller; it is loud, and the key comes again.
      LOG.errorf(e, "reconcile failed subscription=%s", key);
      agenda.addLater(key, RETRY_OTHER);
    }
  }

  private void round(ObjectKey key) {
    Step.Done done = Step.Done.NOTHING;
    for (int i = 0; i < STEPS_A_ROUND; i++) {
      Optional<DesiredSubscription> desired = board.subscription(key);
      if (desired.isEmpty()) {
        retractLeftover(key);
        return;
      }
      forgetNamesake(desired.get());
      try {
        plans.makeSure(key);
        plans.makeSure(Rebuilds.shadowOf(key));
        tellPlan(key);
        Observed seen = observe(desired.get(), Optional.empty());
        Step step = Step.next(seen, done);
        if (step instanceof Step.Swap swap && !swaps.swapped(desired.get(), swap)) {
          report(desired.get(), seen, false);
          agenda.addLater(key, LOOK_AT_HELD);
          return;
        }
        if (step instanceof Step.Alter alter && !swaps.altered(desired.get(), seen, alter.next())) {
          report(desired.get(), seen, false);
          agenda.addLater(key, LOOK_AT_HELD);
          return;
        }
        if (ends(step)) {
          finish(desired.get(), seen, step);
          return;
        }
        done = act(desired.get(), step, done);
      } catch (StoreProblem e) {
        blocked(desired.get(), fault(e));
        return;
      } catch (SourceFault e) {
        blocked(desired.get(), e.fault());
        return;
      }
    }
    agenda.add(key);
  }

  /** What is remembered of another of its name, which went without being forgotten, is not its. */
  private void forgetNamesake(DesiredSubscription desired) {
    String before = uids.put(desired.key(), desired.uid());
    if (before != null && !before.equals(desired.uid())) {
      told.remove(desired.key());
      schemas.remove(desired.key());
      reported.remove(desired.key());
      honours.forget(desired.key());
    }
  }

  /** A catalog that was set back may no longer know what still runs. */
  private void retractLeftover(ObjectKey subscription) {
    retractUnknown(Rebuilds.shadowOf(subscription));
    retractUnknown(subscription);
  }

  private void retractUnknown(ObjectKey key) {
    if (plans.published(key).isPresent()) {
      try {
        plans.retract(key);
        LOG.warnf("plan without subscription retracted subscription=%s", key);
      } catch (SourceFault e) {
        agenda.addLater(Rebuilds.subscriptionOf(key), RETRY_PASSING);
      }
    }
  }

  private Observed observe(DesiredSubscription desired, Optional<Fault> fault)
      throws SourceFault, StoreProblem {
    Optional<PipelinePlan> published = plans.published(desired.key());
    Optional<Shadow> shadow = rebuilds.shadow(desired.key());
    Optional<PipelinePlan> wanted = Optional.empty();
    if (fault.isEmpty() && isPlanned(desired, published)) {
      try {
        Planning.Planned planned =
            planning.plan(desired, published, shadow, status.of(desired.key()));
        wanted = Optional.of(planned.plan());
        schemas.put(desired.key(), planned.schema());
      } catch (StoreProblem e) {
        if (!desired.deleting() || !e.code().equals("StoreClassMissing")) {
          throw e;
        }
        // Nobody could make anything without it, nor know where: its Store's own deletion cleans.
        LOG.debugf("goes without a plan subscription=%s", desired.key());
      }
    }
    SchemaStanding schema = schemas.getOrDefault(desired.key(), SchemaStanding.FITS);
    return new Observed(
        desired.generation(),
        desired.deleting(),
        published,
        wanted,
        readers.isKept(desired.key(), desired.need().store()),
        status.of(desired.key()),
        conditionsBefore(desired.key()),
        fault,
        shadow,
        altering(published, wanted) ? rebuilds.altering(published.get(), schema) : schema);
  }

  /**
   * What goes is cleaned by the plan that was published; by one made now only when a crash came
   * between making its store and that. To plan makes logins up, which would stay.
   */
  private boolean isPlanned(DesiredSubscription desired, Optional<PipelinePlan> published) {
    return !desired.deleting()
        || (published.isEmpty()
            && !board.isOwed(desired.uid())
            && board.store(desired.need().store()).isPresent());
  }

  private static boolean altering(Optional<PipelinePlan> published, Optional<PipelinePlan> wanted) {
    return published.isPresent()
        && (published.get().holdAt() != null
            || wanted.filter(plan -> Alterations.alters(plan, published.get())).isPresent());
  }

  private List<Condition> conditionsBefore(ObjectKey key) {
    return Optional.ofNullable(reported.get(key))
        .or(() -> board.reported(key))
        .map(SubscriptionStatus::conditions)
        .orElse(List.of());
  }

  private static boolean ends(Step step) {
    return step instanceof Step.Rest || step instanceof Step.Prove || step instanceof Step.Forget;
  }

  private void finish(DesiredSubscription desired, Observed seen, Step step) throws StoreProblem {
    if (!desired.deleting()) {
      honours.rotateIfAsked(desired, seen.published());
    }
    switch (step) {
      case Step.Prove prove -> report(desired, seen, stores.historyIsIn(prove.plan()));
      case Step.Forget forget -> {
        stores.forgetUnmade(desired);
        forget(desired.key());
      }
      default -> {
        report(desired, seen, false);
        if (seen.shadow().map(Shadow::verdict).equals(Optional.of(BEING_COMPARED))) {
          agenda.addLater(desired.key(), LOOK_AT_COMPARISON);
        }
      }
    }
  }

  private Step.Done act(DesiredSubscription desired, Step step, Step.Done done)
      throws StoreProblem, SourceFault {
    return switch (step) {
      case Step.Provision provision -> {
        PipelinePlan plan = provision.plan();
        boolean shadow = !plan.subscription().equals(desired.key());
        stores.provision(desired, plan, shadow ? new Reader.None() : readers.reader(plan));
        yield done.provisioned(plan);
      }
      case Step.Publish publish -> {
        publish(desired, publish.plan());
        yield done;
      }
      case Step.Withdraw withdraw -> {
        clean(desired, withdraw.plan());
        yield done.nowWithdrawn();
      }
      case Step.Retract retract -> {
        plans.retract(retract.plan().subscription());
        rebuilds.forget(retract.plan());
        yield done;
      }
      case Step.Compare compare -> {
        rebuilds.compare(compare.shadow());
        yield done;
      }
      case Step.Hold hold -> {
        swaps.hold(desired, hold);
        yield done;
      }
      case Step.Swap swap -> done.nowSwapped(swap.shadow());
      case Step.HoldToAlter hold -> {
        swaps.holdToAlter(desired, hold);
        yield done;
      }
      case Step.Alter alter -> done.nowAltered(alter.next());
      case Step.Drop drop -> {
        clean(desired, drop.shadow());
        yield done.nowDropped(drop.shadow());
      }
      default -> throw new IllegalStateException(step + " ends a round");
    };
  }

  /** Or has it written down, when it goes and its store does not let it be cleaned. */
  private void clean(DesiredSubscription desired, PipelinePlan plan) throws StoreProblem {
    try {
      if (plan.subscription().equals(desired.key())) {
        stores.withdraw(desired, plan);
      } else {
        stores.drop(plan);
      }
    } catch (StoreProblem e) {
      if (!desired.deleting() || !stores.owes(desired, plan, fault(e))) {
        throw e;
      }
      LOG.warnf(
          "goes, and leaves what is to be cleaned pipeline=%s store=%s code=%s",
          plan.subscription(), plan.target().store(), e.code());
    }
  }

  /**
   * Cleans what {@link Board#owes} was told of.
   *
   * @param writer the login of who wrote there, as it was then
   * @throws StoreProblem it still cannot be done
   */
  public void pay(Due due, Credentials writer) throws StoreProblem {
    stores.pay(due, writer);
  }

  /**
   * Removes what a Store that is being deleted has of the server, when it was declared so and
   * nobody's rows are to stay. From then on nothing is made in it any more.
   *
   * @param server host and port where it was made; empty when nothing is to be removed there
   * @return whether the Store may go; it may not while somebody uses it
   * @throws StoreProblem it cannot be done now
   */
  public boolean remove(ObjectKey store, Optional<String> server) throws StoreProblem {
    return stores.remove(store, server);
  }

  /** Whether rows are to stay where a Store was that {@link #remove} has let go. */
  public boolean keptRows(ObjectKey store) {
    return stores.keptRows(store);
  }

  private void blocked(DesiredSubscription desired, Fault fault) {
    LOG.infof("blocked subscription=%s code=%s", desired.key(), fault.code());
    try {
      report(desired, observe(desired, Optional.of(fault)), false);
    } catch (SourceFault | StoreProblem nothingIsPlannedThen) {
      throw new IllegalStateException(nothingIsPlannedThen);
    }
    agenda.addLater(desired.key(), fault.passing() ? RETRY_PASSING : RETRY_OTHER);
  }

  static Fault fault(StoreProblem problem) {
    return new Fault(
        problem.code(), String.valueOf(problem.getMessage()), problem.remedy(), problem.passing());
  }

  private void publish(DesiredSubscription desired, PipelinePlan plan) throws SourceFault {
    plans.publish(plan);
    if (plan.subscription().equals(desired.key())) {
      tellPlan(desired.key());
    }
    if (plan.holdAt() == null) {
      rebuilds.released(plan);
    }
    LOG.infof(
        "published pipeline=%s definition=%d state=%s held=%s",
        plan.subscription(), plan.definition(), plan.state(), plan.holdAt());
  }

  /** At the first look too: a crash may have come between the topic and the catalog. */
  private void tellPlan(ObjectKey key) {
    plans
        .published(key)
        .filter(plan -> !plan.equals(told.get(key)))
        .ifPresent(plan -> {
          board.boundPlan(key, plan);
          told.put(key, plan);
        });
  }

  private void forget(ObjectKey key) {
    readers.forget(key);
    uids.remove(key);
    told.remove(key);
    schemas.remove(key);
    reported.remove(key);
    honours.forget(key);
    board.forgotten(key);
    LOG.infof("forgotten subscription=%s", key);
  }

  private void report(DesiredSubscription desired, Observed seen, boolean proven) {
    Report report = Report.of(seen, proven, clock);
    SubscriptionStatus now =
        new SubscriptionStatus(
            report.phase(),
            desired.generation(),
            report.conditions(),
            seen.wanted().or(seen::published).map(SubscriptionController::bound).orElse(null),
            null,
            null,
            honours.all(desired.key(), seen.published()),
            report.rebuild().orElse(null),
            report.lost().isEmpty() ? null : report.lost());
    if (!now.equals(reported.get(desired.key()))) {
      board.report(desired.key(), now);
      reported.put(desired.key(), now);
    }
  }

  private static SubscriptionStatus.BoundStore bound(PipelinePlan plan) {
    PipelinePlan.Target target = plan.target();
    return new SubscriptionStatus.BoundStore(
        target.store().name(),
        target.engine(),
        target.host() + ":" + target.port() + "/" + target.database(),
        ReaderDesk.relation(plan));
  }
}
