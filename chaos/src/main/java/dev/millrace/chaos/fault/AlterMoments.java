package dev.millrace.chaos.fault;

import dev.millrace.chaos.platform.FaultMissed;
import dev.millrace.chaos.platform.Plans;
import dev.millrace.chaos.round.Need;
import dev.millrace.chaos.round.Scene;
import java.io.IOException;
import java.time.Duration;

/**
 * How far one subscription's store has come on its way to other columns, seen from outside as soon
 * as can be: by the plans that are published and by its cursors in the store.
 */
final class AlterMoments implements AutoCloseable {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(120);
  private static final Duration UNTIL_A_PLAN_COMES = Duration.ofMillis(50);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(1);

  private final Scene scene;
  private final Need need;
  private final long next;
  private final Plans plans;
  private final Scene.Cursors cursors;

  /** In their order. What follows an earlier one within milliseconds may be struck instead. */
  enum Step {
    ASKED,
    HELD,
    ALTERED,
    PUBLISHED
  }

  private AlterMoments(Scene scene, Need need) throws Exception {
    this.scene = scene;
    this.need = need;
    this.next = scene.definition(need) + 1;
    this.cursors = scene.watchCursors(need);
    this.plans = scene.site().platform().plans().readAll();
  }

  /** Before it is asked for. */
  static AlterMoments of(Scene scene, Need need) throws Exception {
    return new AlterMoments(scene, need);
  }

  /** Returns at that moment, or right behind it. */
  void await(Step step) throws Exception {
    long deadline = System.nanoTime() + LONG_ENOUGH.toNanos();
    while (!reached(step)) {
      if (System.nanoTime() > deadline) {
        throw new FaultMissed("the moment " + step + " of " + need + " was not seen; " + plans);
      }
      plans.poll(step == Step.ALTERED ? BETWEEN_LOOKS : UNTIL_A_PLAN_COMES);
    }
  }

  private boolean reached(Step step) throws Exception {
    return switch (step) {
      case ASKED -> true;
      case HELD -> isHeld() || isPublished();
      case ALTERED ->
          cursors.of(scene.uid(need)).values().stream()
              .anyMatch(cursor -> cursor.definition() == next);
      case PUBLISHED -> isPublished();
    };
  }

  private boolean isHeld() {
    return plans.of(scene.pipeline(need)).map(plan -> plan.hasNonNull("holdAt")).orElse(false);
  }

  private boolean isPublished() {
    return plans
        .of(scene.pipeline(need))
        .map(plan -> plan.path("definition").asLong() == next)
        .orElse(false);
  }

  /** In words, what plans were known of and where the cursors are, once something was killed. */
  String struck(Step step) throws Exception {
    return "%s of %s is struck, with plans %s; cursors are %s"
        .formatted(step, need, plans, scene.standing());
  }

  @Override
  public void close() throws IOException {
    plans.close();
    cursors.close();
  }
}
