package dev.millrace.chaos.fault;

import dev.millrace.chaos.platform.FaultMissed;
import dev.millrace.chaos.round.Need;
import dev.millrace.chaos.round.Scene;
import dev.millrace.outside.Eventually;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** Whether a store forgot something of each subscription, by its cursors before and after. */
final class Setback {
  private static final long WORTH_LOSING = 100;
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

  private final Scene scene;
  private final Map<Need, long[]> before = new EnumMap<>(Need.class);

  private Setback(Scene scene) {
    this.scene = scene;
  }

  /** Waits until these have applied more than they have now: that is what will be lost. */
  static Setback ofWhatComesNow(Scene scene, Set<Need> needs) throws Exception {
    Setback setback = new Setback(scene);
    for (Need need : needs) {
      long now = Arrays.stream(scene.cursors(need)).sum();
      Eventually.await(
          need + " goes on",
          LONG_ENOUGH,
          () -> Arrays.stream(scene.cursors(need)).sum() > now + WORTH_LOSING);
    }
    for (Need need : needs) {
      setback.before.put(need, scene.cursors(need));
    }
    return setback;
  }

  /** While the workers cannot reach the store yet. */
  void require() throws Exception {
    for (Map.Entry<Need, long[]> each : before.entrySet()) {
      long[] now = scene.cursors(each.getKey());
      scene
          .site()
          .trace()
          .note(
              each.getKey()
                  + " was at "
                  + Arrays.toString(each.getValue())
                  + ", is set back to "
                  + Arrays.toString(now));
      if (Arrays.stream(now).sum() > Arrays.stream(each.getValue()).sum() - WORTH_LOSING) {
        throw new FaultMissed(
            each.getKey()
                + " did not go back: from "
                + Arrays.toString(each.getValue())
                + " to "
                + Arrays.toString(now));
      }
    }
  }
}
