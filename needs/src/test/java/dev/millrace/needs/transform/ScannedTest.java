package dev.millrace.needs.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.event.RandomEvents;
import dev.millrace.needs.event.RawEvent;
import dev.millrace.needs.event.Unscanned;
import dev.millrace.needs.filter.RandomExpressions;
import dev.millrace.needs.filter.RandomOrders;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What becomes of an event does not depend on how it was read: rows, keys, and each word of a dead
 * letter.
 */
class ScannedTest {
  private static final int PLANS = Integer.getInteger("millrace.plans", 300);
  private static final int EVENTS = 60;

  @Test
  void anEventHasTheSameOutcomeScannedAndParsed() throws Exception {
    long seed = Long.getLong("millrace.seed", System.nanoTime());
    System.out.println("ScannedTest: -Dmillrace.seed=" + seed);
    Random random = new Random(seed);
    RandomExpressions expressions = new RandomExpressions(random);
    int[] rowsAndDead = new int[2];
    for (int i = 0; i < PLANS; i++) {
      PipelinePlan plan =
          RandomPlans.plan(
              random, random.nextInt(3) == 0 ? null : expressions.filter(), expressions);
      Transform transform = Transforms.compile(plan, Optional.of(new byte[32]));
      for (int k = 0; k < EVENTS; k++) {
        byte[] key = random.nextInt(10) == 0 ? null : bytes(random.nextInt(10) == 0 ? "ké" : "k");
        byte[] event = bytes(RandomOrders.order(random));
        byte[] value = random.nextInt(3) == 0 ? RandomEvents.spoilt(event, random) : event;
        RawEvent shared = new RawEvent(value);
        List<Object> expected = shown(transform.apply(key, Unscanned.of(value)));
        String what =
            "seed " + seed + ", " + plan + ": " + new String(value, StandardCharsets.UTF_8);
        assertThat(shown(transform.apply(key, shared))).as(what).isEqualTo(expected);
        assertThat(shown(transform.apply(key, shared))).as("again, " + what).isEqualTo(expected);
        rowsAndDead[0] += expected.contains("row") ? 1 : 0;
        rowsAndDead[1] += expected.contains("dead") ? 1 : 0;
      }
    }
    assertThat(rowsAndDead[0]).isGreaterThan(PLANS * EVENTS / 50);
    assertThat(rowsAndDead[1]).isGreaterThan(PLANS * EVENTS / 10);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<Object> shown(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Put put -> List.of("row", put.key().values(), Arrays.asList(put.row()));
      case Outcome.Add add -> List.of("row", Arrays.asList(add.row()), add.deleted());
      case Outcome.Delete delete -> List.of("delete", delete.key().values());
      case Outcome.Leave leave -> List.of("leave", leave.key().values());
      case Outcome.Pass pass -> List.of("pass");
      case Outcome.Dead dead ->
          List.of("dead", dead.code(), dead.field(), dead.message(), dead.excerpt());
    };
  }
}
