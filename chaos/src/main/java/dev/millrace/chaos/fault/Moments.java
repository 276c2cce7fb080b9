package dev.millrace.chaos.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.chaos.platform.FaultMissed;
import dev.millrace.chaos.platform.Plans;
import dev.millrace.chaos.round.Need;
import dev.millrace.chaos.round.Scene;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How far the rebuild of one subscription has come, seen from outside as soon as can be: by the
 * plans that are published, by its cursors in the store, and by its status.
 */
final class Moments implements AutoCloseable {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(120);
  private static final Duration UNTIL_A_PLAN_COMES = Duration.ofMillis(50);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(1);

  private final Scene scene;
  private final Need need;
  private final long next;
  private final Plans plans;
  private final Scene.Cursors cursors;
  private String shadow = "";

  /** In their order. What follows an earlier one within milliseconds may be struck instead. */
  enum Step {
    WRITTEN_DOWN,
    PROVISIONED,
    LOADING,
    COMPARED,
    SHADOW_HELD,
    BOTH_HELD,
    SWAPPED,
    NEXT_PUBLISHED,
    RETRACTED
  }

  private Moments(Scene scene, Need need) throws Exception {
    this.scene = scene;
    this.need = need;
    this.next = scene.definition(need) + 1;
    this.cursors = scene.watchCursors(need);
    this.plans = scene.site().platform().plans().readAll();
  }

  /** Before the rebuild is asked for. */
  static Moments of(Scene scene, Need need) throws Exception {
    return new Moments(scene, need);
  }

  /** Returns at that moment. */
  void await(Step step) throws Exception {
    long deadline = System.nanoTime() + LONG_ENOUGH.toNanos();
    while (!reached(step)) {
      if (isOver() || System.nanoTime() > deadline) {
        throw new FaultMissed("the moment " + step + " of " + need + " was not seen; " + plans);
      }
      plans.poll(isInPlans(step) ? UNTIL_A_PLAN_COMES : BETWEEN_LOOKS);
      plans.shadowOf(pipeline()).ifPresent(plan -> shadow = plan.path("uid").asText());
    }
  }

  private static boolean isInPlans(Step step) {
    return switch (step) {
      case WRITTEN_DOWN, SHADOW_HELD, BOTH_HELD, NEXT_PUBLISHED, RETRACTED -> true;
      case PROVISIONED, LOADING, COMPARED, SWAPPED -> false;
    };
  }

  private boolean reached(Step step) throws Exception {
    if (shadow.isEmpty()) {
      return false;
    }
    return switch (step) {
      case WRITTEN_DOWN -> true;
      case PROVISIONED -> !cursors.of(shadow).isEmpty();
      case LOADING -> cursors.of(shadow).values().stream().anyMatch(cursor -> cursor.read() > 0);
      case COMPARED -> scene.rebuild(need).path("phase").asText().equals("Comparing");
      case SHADOW_HELD -> isHeld(plans.shadowOf(pipeline()));
      case BOTH_HELD -> isHeld(plans.of(pipeline()));
      case SWAPPED ->
          cursors.of(shadow).isEmpty()
              && cursors.of(scene.uid(need)).values().stream()
                  .anyMatch(cursor -> cursor.definition() == next);
      case NEXT_PUBLISHED -> isNextPublished();
      case RETRACTED -> isOver();
    };
  }

  private static boolean isHeld(Optional<JsonNode> plan) {
    return plan.map(of -> of.hasNonNull("holdAt")).orElse(false);
  }

  private boolean isNextPublished() {
    return plans.of(pipeline()).map(plan -> plan.path("definition").asLong() == next).orElse(false);
  }

  private boolean isOver() {
    return isNextPublished() && plans.shadowOf(pipeline()).isEmpty();
  }

  private String pipeline() {
    return scene.pipeline(need);
  }

  /** In words, what plans were known of and what the stores have, once something was killed. */
  String struck(Step step) throws Exception {
    return "%s of %s is struck, with plans %s; of shadows the stores have %s; %s"
        .formatted(step, need, plans, shadows(), "cursors are " + scene.standing());
  }

  private List<String> shadows() throws Exception {
    return scene.inStoresOfRebuilds();
  }

  @Override
  public void close() throws IOException {
    plans.close();
    cursors.close();
  }
}
