package dev.millrace.controller;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.plan.Rebuilds;
import dev.millrace.needs.reconcile.Board;
import dev.millrace.needs.reconcile.Fault;
import dev.millrace.needs.reconcile.SchemaStanding;
import dev.millrace.needs.reconcile.Shadow;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the controller remembers of rebuilds and alterations besides the plans: comparisons that it
 * asked for, and how long pipelines have been held. After a restart it compares again and waits
 * again.
 */
final class RebuildDesk {
  /** Both come to stand within a second or so, unless a worker is away. */
  private static final Duration LONGEST_HOLD = Duration.ofSeconds(20);

  private static final Duration BETWEEN_HOLDS = Duration.ofSeconds(30);

  /** A comparison that came to nothing is asked for again after this, and then after twice that. */
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  private final Board board;
  private final PlanTopic plans;
  private final StatusTopic status;
  private final Clock clock;
  private final Map<String, Notes> notes = new ConcurrentHashMap<>();

  /** By the shadow's uid; of an alteration, by that of the pipeline itself. */
  private static final class Notes {
    @Nullable String comparison;
    Duration pause = FIRST_PAUSE;
    @Nullable Instant askAgain;
    @Nullable Instant heldSince;
    @Nullable Instant notBefore;
    boolean patienceEnded;
    @Nullable Fault fault;
  }

  RebuildDesk(Board board, PlanTopic plans, StatusTopic status, Clock clock) {
    this.board = board;
    this.plans = plans;
    this.status = status;
    this.clock = clock;
  }

  Optional<Shadow> shadow(ObjectKey subscription) {
    return plans.published(Rebuilds.shadowOf(subscription)).map(this::seen);
  }

  private Shadow seen(PipelinePlan plan) {
    Notes mine = notes(plan);
    synchronized (mine) {
      return new Shadow(
          plan,
          status.of(plan.subscription()),
          verdict(plan, mine),
          patience(plan, mine),
          Optional.ofNullable(mine.fault));
    }
  }

  /** How altering the store of a pipeline goes. */
  SchemaStanding altering(PipelinePlan live, SchemaStanding schema) {
    Notes mine = notes(live);
    synchronized (mine) {
      return schema.altering(patience(live, mine), Optional.ofNullable(mine.fault));
    }
  }

  private Shadow.Verdict verdict(PipelinePlan plan, Notes mine) {
    if (mine.comparison == null) {
      boolean pauses = mine.askAgain != null && clock.instant().isBefore(mine.askAgain);
      return pauses ? Shadow.Verdict.BEING_COMPARED : Shadow.Verdict.UNKNOWN;
    }
    Shadow.Verdict verdict = board.comparison(plan.subscription(), mine.comparison);
    if (verdict == Shadow.Verdict.UNKNOWN) {
      mine.comparison = null;
      mine.askAgain = clock.instant().plus(mine.pause);
      Duration twice = mine.pause.multipliedBy(2);
      mine.pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
      return Shadow.Verdict.BEING_COMPARED;
    }
    return verdict;
  }

  /** That a plan was let go may have been written though nobody heard that it was. */
  private Shadow.Patience patience(PipelinePlan plan, Notes mine) {
    if (mine.patienceEnded && plan.holdAt() == null) {
      letGo(mine);
    }
    if (mine.patienceEnded) {
      return Shadow.Patience.AT_ITS_END;
    }
    return mine.notBefore != null && clock.instant().isBefore(mine.notBefore)
        ? Shadow.Patience.COMING_BACK
        : Shadow.Patience.THERE;
  }

  /**
   * @throws SourceFault SourceUnavailable when the question does not get through
   */
  void compare(PipelinePlan shadow) throws SourceFault {
    Notes mine = notes(shadow);
    synchronized (mine) {
      mine.comparison =
          board
              .compare(shadow.subscription())
              .orElseThrow(() ->
                  SourceFault.unavailable("asking for a comparison of " + shadow.subscription()));
    }
  }

  void holds(PipelinePlan shadow) {
    Notes mine = notes(shadow);
    synchronized (mine) {
      mine.heldSince = clock.instant();
      mine.patienceEnded = false;
      mine.fault = null;
    }
  }

  /** They do not stand at the same cursors yet, or somebody else is in the way for a moment. */
  void notYet(PipelinePlan shadow) {
    Notes mine = notes(shadow);
    synchronized (mine) {
      if (mine.heldSince == null) {
        mine.heldSince = clock.instant();
      }
      mine.patienceEnded = mine.heldSince.plus(LONGEST_HOLD).isBefore(clock.instant());
    }
  }

  /** It cannot be swapped in before somebody has done something about it. */
  void blocked(PipelinePlan shadow, Fault fault) {
    Notes mine = notes(shadow);
    synchronized (mine) {
      mine.fault = fault;
      mine.notBefore = clock.instant().plus(BETWEEN_HOLDS);
      mine.patienceEnded = shadow.holdAt() != null;
    }
  }

  void released(PipelinePlan shadow) {
    Notes mine = notes(shadow);
    synchronized (mine) {
      // One who was held when this process began has no beginning that is known.
      if (mine.heldSince != null || mine.patienceEnded) {
        letGo(mine);
      }
    }
  }

  private void letGo(Notes mine) {
    mine.heldSince = null;
    mine.patienceEnded = false;
    mine.notBefore = clock.instant().plus(BETWEEN_HOLDS);
  }

  void forget(PipelinePlan shadow) {
    notes.remove(shadow.uid());
  }

  private Notes notes(PipelinePlan shadow) {
    return notes.computeIfAbsent(shadow.uid(), uid -> new Notes());
  }
}
