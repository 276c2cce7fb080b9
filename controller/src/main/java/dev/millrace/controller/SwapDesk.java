package dev.millrace.controller;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.plan.Alterations;
import dev.millrace.needs.plan.Rebuilds;
import dev.millrace.needs.reconcile.DesiredSubscription;
import dev.millrace.needs.reconcile.Observed;
import dev.millrace.needs.reconcile.Step;
import dev.millrace.stores.Definitions;
import dev.millrace.stores.StoreProblem;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Puts other content, or more and wider columns, in the place of what runs: has pipelines stand
 * where that can be done, has the store do it, and lets them go.
 */
final class SwapDesk {
  private static final Logger LOG = Logger.getLogger(SwapDesk.class);
  private static final Duration RETRY = Duration.ofSeconds(15);

  /** A pipeline has gone beyond the place where it was to stand. */
  private static final Set<String> BEHIND = Set.of("RebuildBehind", "AlterBehind");

  private static final String LOCKED = "TableLocked";

  private final SourceObserver source;
  private final StoreWork stores;
  private final RebuildDesk rebuilds;
  private final Agenda agenda;
  private final Publishing publishing;

  /** How workers come to know of a plan. */
  interface Publishing {
    void publish(DesiredSubscription desired, PipelinePlan plan) throws SourceFault;
  }

  SwapDesk(
      SourceObserver source,
      StoreWork stores,
      RebuildDesk rebuilds,
      Agenda agenda,
      Publishing publishing) {
    this.source = source;
    this.stores = stores;
    this.rebuilds = rebuilds;
    this.agenda = agenda;
    this.publishing = publishing;
  }

  void hold(DesiredSubscription desired, Step.Hold hold) throws StoreProblem, SourceFault {
    PipelinePlan next = Rebuilds.next(hold.live(), hold.shadow());
    try {
      stores.checkSwap(hold.live(), next);
    } catch (StoreProblem e) {
      if (e.passing()) {
        throw e;
      }
      rebuilds.blocked(hold.shadow(), SubscriptionController.fault(e));
      agenda.addLater(desired.key(), RETRY);
      return;
    }
    rebuilds.holds(hold.shadow());
    Map<Integer, Long> ends =
        source.committedEnds(hold.live().source().topic(), hold.live().start().keySet());
    publishing.publish(desired, hold.shadow().heldAt(ends));
    publishing.publish(desired, hold.live().heldAt(ends));
  }

  /** Never to before the place since when the columns are what they are. */
  void holdToAlter(DesiredSubscription desired, Step.HoldToAlter hold)
      throws StoreProblem, SourceFault {
    PipelinePlan live = hold.live();
    Map<Integer, Long> ends =
        Rebuilds.further(
            Alterations.settled(live),
            source.committedEnds(live.source().topic(), live.start().keySet()));
    try {
      stores.checkAlter(Alterations.altered(live, hold.wanted(), ends));
    } catch (StoreProblem e) {
      if (!isInTheWay(e)) {
        throw e;
      }
      rebuilds.blocked(live, SubscriptionController.fault(e));
      agenda.addLater(desired.key(), RETRY);
      return;
    }
    rebuilds.holds(live);
    publishing.publish(desired, live.heldAt(ends));
  }

  /** Somebody's long query is, too: each try makes others wait, so it is not tried often. */
  private static boolean isInTheWay(StoreProblem problem) {
    return !problem.passing() || problem.code().equals(LOCKED);
  }

  /**
   * Whether the store is of this plan now.
   *
   * @throws StoreProblem nobody knows; it is asked again, which tells
   */
  boolean altered(DesiredSubscription desired, Observed seen, PipelinePlan next)
      throws StoreProblem, SourceFault {
    PipelinePlan live = seen.published().orElseThrow();
    try {
      stores.alter(next);
      rebuilds.forget(live);
      LOG.infof("altered subscription=%s definition=%d", next.subscription(), next.definition());
      return true;
    } catch (StoreProblem e) {
      boolean held = live.holdAt() != null;
      if (held && BEHIND.contains(e.code())) {
        rebuilds.notYet(live);
        publishing.publish(
            desired, live.heldAt(Rebuilds.further(live.holdAt(), stores.places(live))));
      } else if (held && isInTheWay(e)) {
        LOG.warnf(
            "not altered subscription=%s code=%s: %s",
            next.subscription(), e.code(), e.getMessage());
        rebuilds.blocked(live, SubscriptionController.fault(e));
      } else if (e.code().equals("AlterBehind")) {
        throw Definitions.wentOnWithout(live, e);
      } else {
        throw e;
      }
      return false;
    }
  }

  /**
   * Whether it is done now.
   *
   * @throws StoreProblem nobody knows; it is asked again, which tells
   */
  boolean swapped(DesiredSubscription desired, Step.Swap swap) throws StoreProblem, SourceFault {
    try {
      stores.swap(swap.live(), swap.shadow(), swap.next());
      LOG.infof(
          "swapped subscription=%s definition=%d",
          swap.live().subscription(), swap.next().definition());
      return true;
    } catch (StoreProblem e) {
      if (BEHIND.contains(e.code())) {
        rebuilds.notYet(swap.shadow());
        holdFurther(desired, swap);
      } else if (e.code().equals(LOCKED)) {
        rebuilds.notYet(swap.shadow());
      } else if (e.passing()) {
        throw e;
      } else {
        LOG.warnf(
            "not swapped subscription=%s code=%s: %s",
            swap.live().subscription(), e.code(), e.getMessage());
        rebuilds.blocked(swap.shadow(), SubscriptionController.fault(e));
      }
      return false;
    }
  }

  /**
   * Under load a pipeline has often gone on when it hears where to stand. The store has just said
   * that nothing was swapped, so both may be told a place that neither has passed.
   */
  private void holdFurther(DesiredSubscription desired, Step.Swap swap)
      throws StoreProblem, SourceFault {
    Map<Integer, Long> further =
        Rebuilds.further(
            swap.live().holdAt(), stores.places(swap.live()), stores.places(swap.shadow()));
    if (!further.equals(swap.live().holdAt())) {
      publishing.publish(desired, swap.shadow().heldAt(further));
      publishing.publish(desired, swap.live().heldAt(further));
    }
  }
}
