package dev.millrace.needs.reconcile;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.plan.Rebuilds;
import java.util.Map;
import java.util.Optional;

/**
 * The way from a plan that runs to one that leaves other content: load a shadow, compare it with
 * the stream, let both stand still at the same cursors, swap, go on. All that has happened can be
 * seen in the two plans on {@code millrace.definitions} and in the store, so it goes on from there
 * after any crash. Pure.
 */
final class Rebuilding {
  private Rebuilding() {}

  /** Empty when there is nothing to rebuild. */
  static Optional<Step> next(Observed seen, Step.Done done) {
    if (seen.wanted().isEmpty()) {
      return Optional.empty();
    }
    PipelinePlan wanted = seen.wanted().get();
    if (!seen.sameSubscription()) {
      return seen.shadow().map(left -> away(left.plan(), done));
    }
    PipelinePlan live = seen.published().orElseThrow();
    if (seen.shadow().isPresent()) {
      return Optional.of(with(seen.shadow().get(), live, wanted, seen, done));
    }
    return wanted.definition() > live.definition()
        ? Optional.of(begin(live, wanted))
        : Optional.empty();
  }

  /** The shadow is written down before anything is made for it, so that it is cleaned up too. */
  private static Step begin(PipelinePlan live, PipelinePlan wanted) {
    PipelinePlan carried = Rebuilds.carrying(live, wanted).heldAt(null);
    if (!live.equals(carried)) {
      return new Step.Publish(carried);
    }
    return new Step.Publish(Rebuilds.shadow(wanted).inState("Stopped"));
  }

  private static Step with(
      Shadow shadow, PipelinePlan live, PipelinePlan wanted, Observed seen, Step.Done done) {
    PipelinePlan plan = shadow.plan();
    if (live.definition() >= plan.definition()) {
      return new Step.Retract(plan);
    }
    if (plan.holdAt() != null || live.holdAt() != null) {
      return held(shadow, live, seen, done);
    }
    if (!Rebuilds.builds(plan, wanted)) {
      return away(plan, done);
    }
    PipelinePlan carried = Rebuilds.carrying(live, wanted);
    if (!live.equals(carried)) {
      return new Step.Publish(carried);
    }
    PipelinePlan current = Rebuilds.carrying(plan, wanted);
    if (!plan.equals(current)) {
      boolean begins = plan.state().equals("Stopped") && done.made(plan).isEmpty();
      return begins ? new Step.Provision(plan) : new Step.Publish(current);
    }
    if (!seen.ready() && seen.historyReported()) {
      return new Step.Prove(live);
    }
    if (!plan.state().equals("Running") || !Observed.historyReported(plan, shadow.reports())) {
      return new Step.Rest();
    }
    return switch (shadow.verdict()) {
      case UNKNOWN -> new Step.Compare(plan);
      case BEING_COMPARED, WRONG -> new Step.Rest();
      case RIGHT ->
          shadow.patience() == Shadow.Patience.THERE ? new Step.Hold(live, plan) : new Step.Rest();
    };
  }

  /**
   * The shadow is held first, and let go first: so wherever it stops, it is known what was meant.
   * Once both are held they may have been swapped, so nothing else is done before that is certain.
   */
  private static Step held(Shadow shadow, PipelinePlan live, Observed seen, Step.Done done) {
    PipelinePlan plan = shadow.plan();
    Map<Integer, Long> hold = plan.holdAt();
    if (hold == null) {
      return new Step.Publish(live.heldAt(null));
    }
    if (!hold.equals(live.holdAt())) {
      return seen.isBeyond(hold)
          ? new Step.Publish(plan.heldAt(null))
          : new Step.Publish(live.heldAt(hold));
    }
    if (done.swapped().equals(Optional.of(plan.uid()))) {
      return new Step.Publish(Rebuilds.next(live, plan));
    }
    return shadow.patience() == Shadow.Patience.AT_ITS_END
        ? new Step.Publish(plan.heldAt(null))
        : new Step.Swap(live, plan, Rebuilds.next(live, plan));
  }

  /** Nobody wants what it builds: the workers stop, then its store is cleaned, then it is gone. */
  static Step away(PipelinePlan shadow, Step.Done done) {
    if (!shadow.state().equals("Stopped")) {
      return new Step.Publish(shadow.inState("Stopped"));
    }
    return done.dropped().equals(Optional.of(shadow.uid()))
        ? new Step.Retract(shadow)
        : new Step.Drop(shadow);
  }
}
