package dev.millrace.needs.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.plan.Alterations;
import dev.millrace.needs.plan.Orders;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a row looks like follows from the plan and the event's place alone. */
class SinceTest {
  private static final String EVENT = "{\"id\":7,\"total\":12345.5,\"note\":\"n\",\"late\":\"l\"}";

  @Test
  void aColumnIsThereForEventsSinceItCame() throws Exception {
    Transform transform = compiled(grown());

    assertThat(row(transform, 0, 99)).containsExactly(7L, 12345.5);
    assertThat(row(transform, 0, 100)).containsExactly(7L, 12345.5, "n");
    assertThat(row(transform, 0, 199)).containsExactly(7L, 12345.5, "n");
    assertThat(row(transform, 0, 200)).containsExactly(7L, 12345.5, "n", "l");
  }

  @Test
  void eachPartitionHasItsOwnPlaces() throws Exception {
    Transform transform = compiled(grown());

    assertThat(row(transform, 1, 10)).containsExactly(7L, 12345.5, "n");
    assertThat(row(transform, 1, 9)).containsExactly(7L, 12345.5);
    assertThat(row(transform, 1, 200)).containsExactly(7L, 12345.5, "n");
    assertThat(row(transform, 1, 300)).containsExactly(7L, 12345.5, "n", "l");
  }

  @Test
  void anEventThatIsToComeHasAllColumns() throws Exception {
    Outcome outcome = compiled(grown()).apply("7".getBytes(StandardCharsets.UTF_8), bytes());

    assertThat(((Outcome.Put) outcome).row()).hasSize(4);
  }

  @Test
  void whatWasTooLargeForANarrowColumnStaysDead() throws Exception {
    Orders was = Orders.with("total:number").subscribed(typed("decimal(6,2)"));
    Orders is = was.subscribed(typed("decimal(8,2)"));
    Transform transform = compiled(altered(was.plan(), is, Map.of(0, 50L, 1, 60L)));

    assertThat(apply(transform, 0, 49))
        .isInstanceOfSatisfying(
            Outcome.Dead.class, dead -> assertThat(dead.code()).isEqualTo("OutOfRange"));
    assertThat(row(transform, 0, 50)).containsExactly(7L, new BigDecimal("12345.50"));
    assertThat(apply(transform, 1, 59)).isInstanceOf(Outcome.Dead.class);
    assertThat(row(transform, 1, 60)).containsExactly(7L, new BigDecimal("12345.50"));
  }

  @Test
  void aValueFromBeforeIsOfTheClassOfTheWiderColumn() throws Exception {
    Orders was = Orders.with("total:integer").subscribed(typed("integer"));
    Orders is = was.subscribed(typed("bigint"));
    Transform transform = compiled(altered(was.plan(), is, Map.of(0, 50L)));

    Outcome.Put put =
        (Outcome.Put)
            transform.apply(
                0,
                1,
                "7".getBytes(StandardCharsets.UTF_8),
                "{\"id\":7,\"total\":5}".getBytes(StandardCharsets.UTF_8));

    assertThat(put.row()).containsExactly(7L, 5L);
  }

  @Test
  void aWorkerThatDoesNotKnowOfItRefusesThePlan() {
    assertThat(grown().requires()).contains("since");
  }

  private static PipelinePlan grown() {
    Orders was = Orders.with("total:number");
    Orders first = was.fields("total:number note:string");
    Orders second = was.fields("total:number note:string late:string");
    return altered(
        altered(was.plan(), first, Map.of(0, 100L, 1, 10L)), second, Map.of(0, 200L, 1, 300L));
  }

  private static PipelinePlan altered(PipelinePlan live, Orders to, Map<Integer, Long> at) {
    return Alterations.altered(live, Alterations.wanted(live, to.plan(), to.plan().columns()), at);
  }

  private static String typed(String type) {
    return "\"select\":[{\"field\":\"id\",\"key\":true},{\"field\":\"total\",\"type\":\""
        + type
        + "\"}]";
  }

  private static Transform compiled(PipelinePlan plan) throws PlanRejected {
    return Transforms.compile(plan, Optional.empty());
  }

  private static Object[] row(Transform transform, int partition, long offset) {
    return ((Outcome.Put) apply(transform, partition, offset)).row();
  }

  private static Outcome apply(Transform transform, int partition, long offset) {
    return transform.apply(partition, offset, "7".getBytes(StandardCharsets.UTF_8), bytes());
  }

  private static byte[] bytes() {
    return EVENT.getBytes(StandardCharsets.UTF_8);
  }
}
