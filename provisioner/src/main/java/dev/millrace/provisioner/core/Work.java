package dev.millrace.provisioner.core;

import dev.millrace.api.plan.PipelinePlan;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline has to do: a plan, over the partitions that this worker owns.
 *
 * @param partitions never empty
 */
public record Work(PipelinePlan plan, SortedSet<Integer> partitions) {
  public Work {
    if (partitions.isEmpty()) {
      throw new IllegalArgumentException("no partitions, no work");
    }
    partitions = new TreeSet<>(partitions);
  }

  /** Where partitions end, of those that do: at the first of what the plan says. */
  public Map<Integer, Long> ends() {
    Map<Integer, Long> ends = new TreeMap<>();
    add(plan.until(), ends);
    add(plan.holdAt(), ends);
    return ends;
  }

  private static void add(@Nullable Map<Integer, Long> from, Map<Integer, Long> to) {
    if (from != null) {
      from.forEach((partition, end) -> to.merge(partition, end, Math::min));
    }
  }
}
