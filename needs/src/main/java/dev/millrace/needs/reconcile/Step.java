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
   */
  record Done(Optional<PipelinePlan> provisioned, boolean withdrawn) {
    public static final Done NOTHING = new Done(Optional.empty(), false);
  }

  private static Step towardsRunning(Observed seen, Done done) {
    if (seen.wanted().isEmpty()) {
      return new Rest();
    }
    PipelinePlan wanted = seen.wanted().get();
    if (!seen.published().equals(seen.wanted())) {
      boolean made = done.provisioned().equals(seen.wanted()) || seen.sameTarget();
      return made ? new Publish(wanted) : new Provision(wanted);
    }
    return !seen.ready() && seen.historyReported() ? new Prove(wanted) : new Rest();
  }

  private static Step towardsNothing(Observed seen, Done done) {
    Optional<PipelinePlan> plan = seen.published().or(seen::wanted);
    if (plan.isEmpty()) {
      return new Forget();
    }
    boolean running = seen.published().map(p -> !p.state().equals("Stopped")).orElse(false);
    if (running) {
      return new Publish(stopped(plan.get()));
    }
    if (!done.withdrawn()) {
      return new Withdraw(plan.get());
    }
    return seen.published().<Step>map(Retract::new).orElseGet(Forget::new);
  }

  private static PipelinePlan stopped(PipelinePlan plan) {
    return new PipelinePlan(
        plan.subscription(),
        plan.uid(),
        plan.definition(),
        plan.requires(),
        "Stopped",
        plan.source(),
        plan.filter(),
        plan.columns(),
        plan.mode(),
        plan.target(),
        plan.onError(),
        plan.start(),
        plan.cutover(),
        plan.hashKey());
  }
}
