package dev.millrace.provisioner.simulation;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The topic of plans. Whoever follows it knows a beginning of it, some less than others. */
final class SimulatedDefinitions {
  private record Entry(ObjectKey key, @Nullable PipelinePlan plan) {}

  private final List<Entry> entries = new ArrayList<>();
  private final Map<ObjectKey, PipelinePlan> newest = new TreeMap<>();

  /** Some answers do not come back, whether what they answer was written or not. */
  double answersLost;

  void append(ObjectKey key, @Nullable PipelinePlan plan) {
    entries.add(new Entry(key, plan));
    take(newest, key, plan);
  }

  private static void take(
      Map<ObjectKey, PipelinePlan> into, ObjectKey key, @Nullable PipelinePlan plan) {
    if (plan == null) {
      into.remove(key);
    } else {
      into.put(key, plan);
    }
  }

  Optional<PipelinePlan> newest(ObjectKey key) {
    return Optional.ofNullable(newest.get(key));
  }

  /** What somebody knows who reads all there is. */
  Map<ObjectKey, PipelinePlan> all() {
    return new TreeMap<>(newest);
  }

  /** One reader. */
  final class Feed {
    private final Map<ObjectKey, PipelinePlan> plans = new TreeMap<>();
    private int position;

    int left() {
      return entries.size() - position;
    }

    void advance(int count) {
      for (int i = 0; i < count; i++) {
        Entry entry = entries.get(position++);
        take(plans, entry.key(), entry.plan());
      }
    }

    Map<ObjectKey, PipelinePlan> plans() {
      return new TreeMap<>(plans);
    }
  }
}
