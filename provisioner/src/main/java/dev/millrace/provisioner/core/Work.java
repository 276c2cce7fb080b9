package dev.millrace.provisioner.core;

import dev.millrace.api.plan.PipelinePlan;
import java.util.SortedSet;
import java.util.TreeSet;

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
}
