package dev.millrace.needs.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ask.Explanation.EvaluatedExpression;
import dev.millrace.api.ask.Explanation.ExtractedField;
import dev.millrace.needs.plan.Orders;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlannedWorkTest {
  private static final Orders ORDERS = Orders.with("total:number note:string customer:object");

  @Test
  void fieldsComeInTheOrderInWhichTheyAreReadEachWithAllItsUses() {
    PlannedWork work =
        PlannedWork.of(
            ORDERS
                .subscribed(
                    """
                    "filter": "event.total > 1.0 && event.note != ''",
                    "select": [{"field": "customer.email", "as": "email"},
                               {"field": "id", "key": true},
                               {"expr": "size(event.note)", "as": "length"}]
                    """)
                .plan());

    assertThat(work.fields())
        .containsExactly(
            new ExtractedField("id", List.of("key", "column id")),
            new ExtractedField("total", List.of("filter")),
            new ExtractedField("note", List.of("filter", "column length")),
            new ExtractedField("customer.email", List.of("column email")));
  }

  @Test
  void eachExpressionSaysWhetherItIsCompiledAndWhyNot() {
    PlannedWork work =
        PlannedWork.of(
            ORDERS
                .subscribed(
                    """
                    "filter": "event.customer == null || event.total > 1.0",
                    "select": [{"field": "id", "key": true},
                               {"expr": "size(event.note)", "as": "length"}]
                    """)
                .plan());

    assertThat(work.expressions())
        .containsExactly(
            new EvaluatedExpression(
                "filter",
                "event.customer == null || event.total > 1.0",
                false,
                "the field 'customer', as it is typed or used here, is not compiled"),
            new EvaluatedExpression("column length", "size(event.note)", true, null));
  }

  @Test
  void whetherALeavingEventDeletesItsRowIsSaid() {
    assertThat(PlannedWork.of(ORDERS.plan()).deletesWhatLeaves()).isFalse();
    assertThat(
            PlannedWork.of(ORDERS.subscribed("\"filter\": \"event.total > 1.0\"").plan())
                .deletesWhatLeaves())
        .isTrue();
    assertThat(
            PlannedWork.of(
                    ORDERS
                        .subscribed("\"filter\": \"event.total > 1.0\", \"mode\": \"Append\"")
                        .plan())
                .deletesWhatLeaves())
        .isFalse();
  }
}
