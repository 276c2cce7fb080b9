package dev.millrace.needs.reconcile;

import dev.millrace.api.plan.PipelinePlan;
import java.util.Optional;

/** The one thing to do next. After it the controller looks again. */
public sealed interface Step {

  /** Make what the plan needs in its store. A plan is published only behind it. */
  record Provision(PipelinePlan plan) implements Step {}

  /** Give the plan to the workers. */
  record Publish(PipelinePlan plan) implements Step {}

  /** Look at the cursors in the store itself, flushed, on a fresh connection. */
  record Prove(PipelinePlan plan) implements Step {}

  /** Have what a shadow built compared with the stream; the answer comes later. */
  record Compare(PipelinePlan shadow) implements Step {}

  /**
   * Let both pipelines run to the same place in each partition, the log's end of now, and stand
   * there: publish the shadow, then the live plan, held at it.
   */
  record Hold(PipelinePlan live, PipelinePlan shadow) implements Step {}

  /** Put the shadow's content in the live one's place, in the store, in one step. */
  record Swap(PipelinePlan live, PipelinePlan shadow, PipelinePlan next) implements Step {}

  /**
   * Let the pipeline run to the log's end of now, partition by partition, and no further: publish
   * the live plan held at it. It need not come there; nobody may be beyond it when its store is
   * altered.
   *
   * @param wanted what the store is to be altered for
   */
  record HoldToAlter(PipelinePlan live, PipelinePlan wanted) implements Step {}

  /**
   * Have the store take on columns and definition of a plan, in one step, as far as it has not:
   * where its cursors are not beyond {@code Alterations.nobodyBeyond}.
   */
  record Alter(PipelinePlan next) implements Step {}

  /** Clean the store of what a shadow had there. */
  record Drop(PipelinePlan shadow) implements Step {}

  /** Clean the store as the reclaim policy says. */
  record Withdraw(PipelinePlan plan) implements Step {}

  /** Take the plan from the workers for good. */
  record Retract(PipelinePlan plan) implements Step {}

  /** Nothing is left to clean: let the object go. */
  record Forget() implements Step {}

  /** Nothing to do until something changes. */
  record Rest() implements Step {}

  /**
   * The order is the promise. Cursors exist before a plan is published, for a worker never makes
   * one. Workers stop before anything is cleaned, and the plan leaves the topic last, so that a
   * crash in between still finds what there is to clean. What runs already is never provisioned
   * anew, so that a lost store is noticed and not silently begun again.
   *
   * @param done what this round has done already; a round ends with the process, so every step may
   *     come twice
   */
  static Step next(Observed seen, Done done) {
    return seen.deleting() ? towardsNothing(seen, done) : towardsRunning(seen, done);
  }

  /**
   * @param provisioned the plan whose store was made in this round
   * @param withdrawn the store was cleaned in this round
   * @param dropped the shadow that the store was cleaned of in this round, by its uid
   * @param swapped the shadow whose content is in its place, by its uid
   * @param altered the plan whose columns and definition the store has
   */
  record Done(
      Optional<PipelinePlan> provisioned,
      boolean withdrawn,
      Optional<String> dropped,
      Optional<String> swapped,
      Optional<PipelinePlan> altered) {
    public static final Done NOTHING =
        new Done(Optional.empty(), false, Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * The plan to publish when the store of this one was made in this round. It is the one that the
     * store was made for: where the log ends, and with it the cutover, is another at each look.
     */
    Optional<PipelinePlan> made(PipelinePlan wanted) {
      return provisioned.filter(plan ->
          plan.uid().equals(wanted.uid())
              && plan.definition() == wanted.definition()
              && plan.target().equals(wanted.target()));
    }

    public Done provisioned(PipelinePlan plan) {
      return new Done(Optional.of(plan), withdrawn, dropped, swapped, altered);
    }

    public Done nowWithdrawn() {
      return new Done(provisioned, true, dropped, swapped, altered);
    }

    public Done nowDropped(PipelinePlan shadow) {
      return new Done(provisioned, withdrawn, Optional.of(shadow.uid()), swapped, altered);
    }

    public Done nowSwapped(PipelinePlan shadow) {
      return new Done(provisioned, withdrawn, dropped, Optional.of(shadow.uid()), altered);
    }

    public Done nowAltered(PipelinePlan next) {
      return new Done(provisioned, withdrawn, dropped, swapped, Optional.of(next));
    }
  }

  private static Step towardsRunning(Observed seen, Done done) {
    return Altering.next(seen, done)
        .or(() -> Rebuilding.next(seen, done))
        .orElseGet(() -> straightOn(seen, done));
  }

  private static Step straightOn(Observed seen, Done done) {
    if (seen.wanted().isEmpty()) {
      return new Rest();
    }
    PipelinePlan wanted = seen.wanted().get();
    if (!seen.published().equals(seen.wanted())) {
      return done.made(wanted)
          .or(() -> seen.sameTarget() ? seen.wanted() : Optional.empty())
          .<Step>map(Publish::new)
          .orElseGet(() -> new Provision(wanted));
    }
    return !seen.ready() && seen.historyReported() ? new Prove(wanted) : new Rest();
  }

  private static Step towardsNothing(Observed seen, Done done) {
    if (seen.shadow().isPresent()) {
      return Rebuilding.away(seen.shadow().get().plan(), done);
    }
    Optional<PipelinePlan> plan = seen.published().or(seen::wanted);
    if (plan.isEmpty()) {
      return new Forget();
    }
    boolean running = seen.published().map(p -> !p.state().equals("Stopped")).orElse(false);
    if (running) {
      return new Publish(plan.get().inState("Stopped"));
    }
    if (!done.withdrawn()) {
      return new Withdraw(plan.get());
    }
    return seen.published().<Step>map(Retract::new).orElseGet(Forget::new);
  }
}
