package dev.millrace.provisioner.core;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.plan.Losses;
import dev.millrace.stores.Cursor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** Where it reads on: from the cursor, or behind what was accepted as lost. */
  long position(Cursor cursor) {
    int partition = cursor.partition();
    long end = ends().getOrDefault(partition, Long.MAX_VALUE);
    long behind = Losses.behind(plan, partition, cursor.nextOffset());
    return Math.max(cursor.nextOffset(), Math.min(end, behind));
  }

  /** What it will not apply of what comes next, for it was accepted as lost. */
  public List<PipelinePlan.Gap> gaps(List<Cursor> cursors) {
    return cursors.stream()
        .map(at -> new PipelinePlan.Gap(at.partition(), at.nextOffset(), position(at)))
        .filter(gap -> gap.from() < gap.to())
        .toList();
  }

  /** Leader epoch of the record before that; unknown where it has left the log. */
  Optional<Integer> leaderEpoch(Cursor cursor) {
    return Losses.isIn(plan, cursor.partition(), cursor.nextOffset())
        ? Optional.empty()
        : cursor.leaderEpoch();
  }

  private static void add(@Nullable Map<Integer, Long> from, Map<Integer, Long> to) {
    if (from != null) {
      from.forEach((partition, end) -> to.merge(partition, end, Math::min));
    }
  }
}
