package dev.millrace.needs.reconcile;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.plan.Alterations;
import dev.millrace.needs.plan.Rebuilds;
import java.util.Optional;

/**
 * The way to more or wider columns in the store that is there: hold the pipeline at the log's end,
 * alter the store, go on with the columns since then. The hold on {@code millrace.definitions} says
 * what may have happened to the store, so it is gone on from there after any crash. Pure.
 */
final class Altering {
  private Altering() {}

  /** Empty when there is nothing to alter. */
  static Optional<Step> next(Observed seen, Step.Done done) {
    if (seen.wanted().isEmpty() || seen.published().isEmpty() || !seen.sameSubscription()) {
      return Optional.empty();
    }
    PipelinePlan live = seen.published().get();
    PipelinePlan wanted = seen.wanted().get();
    if (seen.isSetBack()
        && !done.altered().equals(Optional.of(live.heldAt(null)))
        && live.equals(Rebuilds.carrying(live, wanted))
        && !hasShadowToClean(seen, live, wanted)
        && !isToBeLetGo(seen, live)) {
      return Optional.of(new Step.Alter(live.heldAt(null)));
    }
    if (seen.shadow().isPresent()) {
      return Optional.empty();
    }
    if (live.holdAt() != null) {
      return Optional.of(held(live, wanted, seen, done));
    }
    return Alterations.alters(wanted, live)
        ? Optional.of(begin(live, wanted, seen))
        : Optional.empty();
  }

  /** A store that was set back too far to be altered must not keep what nobody wants. */
  private static boolean hasShadowToClean(Observed seen, PipelinePlan live, PipelinePlan wanted) {
    return live.holdAt() == null
        && seen.shadow()
            .map(Shadow::plan)
            .filter(shadow -> shadow.holdAt() == null && !Rebuilds.builds(shadow, wanted))
            .isPresent();
  }

  private static boolean isToBeLetGo(Observed seen, PipelinePlan live) {
    return live.holdAt() != null && seen.schema().patience() == Shadow.Patience.AT_ITS_END;
  }

  private static Step begin(PipelinePlan live, PipelinePlan wanted, Observed seen) {
    PipelinePlan carried = Rebuilds.carrying(live, wanted);
    if (!live.equals(carried)) {
      return new Step.Publish(carried);
    }
    if (seen.schema().patience() == Shadow.Patience.THERE) {
      return new Step.HoldToAlter(live, wanted);
    }
    return !seen.ready() && seen.historyReported() ? new Step.Prove(live) : new Step.Rest();
  }

  /**
   * The store may have been altered already. So even where nobody wants it any more, the store is
   * asked to be of the next definition before workers get another plan.
   */
  private static Step held(PipelinePlan live, PipelinePlan wanted, Observed seen, Step.Done done) {
    PipelinePlan next =
        Alterations.altered(
                live,
                Alterations.alters(wanted, live) ? wanted : Rebuilds.carrying(live, wanted),
                live.holdAt())
            .heldAt(live.holdAt());
    Optional<PipelinePlan> altered =
        done.altered()
            .filter(
                plan -> plan.uid().equals(live.uid()) && plan.definition() == next.definition());
    if (altered.isPresent()) {
      return new Step.Publish(altered.get().heldAt(null));
    }
    return isToBeLetGo(seen, live) ? new Step.Publish(live.heldAt(null)) : new Step.Alter(next);
  }
}
