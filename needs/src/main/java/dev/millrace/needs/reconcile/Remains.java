package dev.millrace.needs.reconcile;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import dev.millrace.needs.check.Need;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is left of a need that nobody can make out any more: enough to clean up after it. */
public final class Remains {
  private Remains() {}

  /**
   * @param plan that workers have
   * @param reclaimPolicy Retain, unless it is Delete
   * @param ownClass the class of the Store that the subscription brought along; absent for
   *     another's
   */
  public static Need of(
      PipelinePlan plan, @Nullable String reclaimPolicy, Optional<String> ownClass) {
    return new Need(
        plan.subscription(),
        plan.source().product(),
        new DataProductSpec(
            null,
            null,
            null,
            plan.source().schema(),
            plan.source().key(),
            null,
            null,
            null,
            null,
            null),
        Optional.ofNullable(plan.filter()),
        plan.columns(),
        false,
        "Stop",
        plan.mode(),
        new DataSubscriptionSpec.StartFrom("Beginning", null, null),
        Optional.empty(),
        plan.target().store(),
        ownClass,
        plan.target().engine(),
        Optional.ofNullable(plan.target().table()),
        Optional.ofNullable(plan.target().keys()),
        plan.onError(),
        plan.state(),
        "Delete".equals(reclaimPolicy) ? "Delete" : "Retain",
        Map.of());
  }
}
