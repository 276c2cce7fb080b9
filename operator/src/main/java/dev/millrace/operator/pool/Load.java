package dev.millrace.operator.pool;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.controller.PlanTopic;
import dev.millrace.controller.StatusTopic;
import dev.millrace.needs.plan.Rebuilds;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How much waits for workers.
 *
 * @param lagEvents that are in the log and not in a store yet, of each subscription
 * @param partitions of topics, of which some wait: more workers than that have nothing to do
 */
public record Load(long lagEvents, int partitions) {
  /** What is stopped, paused, or waits for its store no worker more would bring on. */
  private static final Set<String> AT_WORK = Set.of("Preloading", "Live");

  /** As workers reported it last; what is built anew is work, too. */
  public static Load of(Collection<ObjectKey> subscriptions, PlanTopic plans, StatusTopic status) {
    long lag = 0;
    Set<String> busy = new HashSet<>();
    for (ObjectKey subscription : subscriptions) {
      for (ObjectKey pipeline : List.of(subscription, Rebuilds.shadowOf(subscription))) {
        Optional<PipelinePlan> plan = plans.published(pipeline);
        for (PartitionReport report : status.of(pipeline).values()) {
          long behind = report.endOffset() - report.position();
          if (plan.isPresent() && behind > 0 && AT_WORK.contains(report.phase())) {
            lag += behind;
            busy.add(plan.get().source().topic() + "/" + report.partition());
          }
        }
      }
    }
    return new Load(lag, busy.size());
  }
}
