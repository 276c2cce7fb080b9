package dev.millrace.provisioner.simulation;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.reconcile.Fault;
import dev.millrace.needs.reconcile.Shadow;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a controller remembers of rebuilds besides the plans, until it is killed. */
final class RebuildNotes {
  private final World world;
  private final long longestHold;
  private final long betweenHolds;
  private final Map<String, Notes> all = new HashMap<>();

  /** Of one shadow. */
  static final class Notes {
    Shadow.Verdict verdict = Shadow.Verdict.UNKNOWN;

    long heldSince = -1;
    long notBefore;
    boolean patienceEnded;
    @Nullable Fault fault;
  }

  RebuildNotes(World world, long longestHold, long betweenHolds) {
    this.world = world;
    this.longestHold = longestHold;
    this.betweenHolds = betweenHolds;
  }

  Notes of(PipelinePlan shadow) {
    return all.computeIfAbsent(shadow.uid(), uid -> new Notes());
  }

  Shadow.Patience patience(PipelinePlan shadow) {
    Notes mine = of(shadow);
    if (mine.patienceEnded && shadow.holdAt() == null) {
      released(shadow);
    }
    if (mine.patienceEnded) {
      return Shadow.Patience.AT_ITS_END;
    }
    return world.now() < mine.notBefore ? Shadow.Patience.COMING_BACK : Shadow.Patience.THERE;
  }

  Optional<Fault> fault(PipelinePlan shadow) {
    return Optional.ofNullable(of(shadow).fault);
  }

  void holds(PipelinePlan shadow) {
    Notes mine = of(shadow);
    mine.heldSince = world.now();
    mine.patienceEnded = false;
    mine.fault = null;
  }

  void notYet(PipelinePlan shadow) {
    Notes mine = of(shadow);
    if (mine.heldSince < 0) {
      mine.heldSince = world.now();
    }
    mine.patienceEnded = mine.heldSince + longestHold < world.now();
  }

  void blocked(PipelinePlan shadow, Fault fault) {
    Notes mine = of(shadow);
    mine.fault = fault;
    mine.notBefore = world.now() + betweenHolds;
    mine.patienceEnded = shadow.holdAt() != null;
  }

  void released(PipelinePlan shadow) {
    Notes mine = of(shadow);
    if (mine.heldSince >= 0 || mine.patienceEnded) {
      mine.heldSince = -1;
      mine.patienceEnded = false;
      mine.notBefore = world.now() + betweenHolds;
    }
  }

  void forget(PipelinePlan shadow) {
    all.remove(shadow.uid());
  }
}
