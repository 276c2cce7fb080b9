package dev.millrace.provisioner.simulation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.correction.Correction;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.transform.Outcome;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.needs.transform.Transform;
import dev.millrace.provisioner.correction.Corrections;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One subscription and its store, from its beginning to its end. */
final class Subscription {
  static final String TOPIC = "events";
  static final ObjectKey PRODUCT = new ObjectKey("sim", "product");

  final ObjectKey name;
  final boolean append;
  final int threshold;
  final String topicId;
  final Map<Integer, Long> start = new HashMap<>();
  final Map<Integer, Long> cutover = new HashMap<>();
  final SimulatedStore store;
  final String uid;
  String state = "Running";

  /** Where it stands still for now. */
  @Nullable Map<Integer, Long> holdAt;

  /** What somebody chose to go on without. */
  final List<PipelinePlan.Gap> gaps = new ArrayList<>();

  private String onError;

  /** Each that ever was in force. */
  final Set<String> policies = new HashSet<>();

  boolean retracted;

  /** What people decided of its events. */
  private Corrections corrections = Corrections.NONE;

  /** The same, as the oracle reads it: for each event, in the order decided. */
  private final Map<String, List<Fix>> fixes = new HashMap<>();

  /**
   * @param kind GOOD, or BROKEN again; null to leave the event out
   */
  record Fix(SimulatedLog.@Nullable Kind kind, int value, long id) {}

  Subscription(
      String name,
      String uid,
      boolean append,
      int threshold,
      String onError,
      boolean fromNow,
      SimulatedLog log,
      World world) {
    this.name = new ObjectKey("sim", name);
    this.uid = uid;
    this.append = append;
    this.threshold = threshold;
    onError(onError);
    this.topicId = log.topicId();
    for (int i = 0; i < log.partitions.size(); i++) {
      SimulatedLog.Partition partition = log.partitions.get(i);
      start.put(i, fromNow ? partition.end : partition.start);
      cutover.put(i, partition.end);
    }
    this.store = new SimulatedStore(this, world);
  }

  Corrections corrections() {
    return corrections;
  }

  List<Fix> fixes(String place) {
    return fixes.getOrDefault(place, List.of());
  }

  void correct(String place, Fix fix) {
    fixes.computeIfAbsent(place, none -> new ArrayList<>()).add(fix);
    String[] parts = place.split("/");
    corrections =
        corrections.with(
            new Correction(
                Long.toString(fix.id()),
                name,
                uid,
                Integer.parseInt(parts[0]),
                Long.parseLong(parts[1]),
                fix.kind() == null ? Correction.DISCARD : Correction.REDRIVE,
                fix.kind() == SimulatedLog.Kind.GOOD ? fix.value() + " " + fix.id() : null,
                null,
                "somebody",
                Instant.EPOCH));
  }

  String onError() {
    return onError;
  }

  void onError(String policy) {
    onError = policy;
    policies.add(policy);
  }

  PipelinePlan plan() {
    return new PipelinePlan(
            name,
            uid,
            1,
            List.of(),
            state,
            new PipelinePlan.Source(
                PRODUCT,
                TOPIC,
                topicId,
                "cluster",
                start.size(),
                JsonNodeFactory.instance.objectNode(),
                "key",
                false),
            threshold > 0 ? "value >= " + threshold : null,
            List.of(),
            append ? "Append" : "Upsert",
            new PipelinePlan.Target("Simulated", name, "nowhere", 1, "", "disable", "", null, null),
            new PipelinePlan.ErrorPolicy(onError, null, null),
            Map.copyOf(start),
            Map.copyOf(cutover),
            null)
        .heldAt(holdAt)
        .losing(gaps.isEmpty() ? null : new PipelinePlan.Loss("token", List.copyOf(gaps)));
  }

  static byte[] key(SimulatedLog.Event event) {
    return Integer.toString(event.key()).getBytes(StandardCharsets.UTF_8);
  }

  static byte[] value(SimulatedLog.Event event) {
    return switch (event.kind()) {
      case GOOD -> (event.value() + " " + event.id()).getBytes(StandardCharsets.UTF_8);
      case TOMBSTONE -> null;
      case BROKEN -> "broken".getBytes(StandardCharsets.UTF_8);
    };
  }

  /** What the plan says, over the simulator's little events. */
  Transform transform() {
    return (key, event) -> {
      StoreKey storeKey = new StoreKey(Long.parseLong(new String(key, StandardCharsets.UTF_8)));
      if (event == null) {
        return append ? new Outcome.Add(new Object[] {null}, true) : new Outcome.Delete(storeKey);
      }
      String[] parts = new String(event.bytes(), StandardCharsets.UTF_8).split(" ");
      if (parts.length != 2) {
        return new Outcome.Dead("NotJson", "", "broken", "");
      }
      if (Integer.parseInt(parts[0]) < threshold) {
        return append ? new Outcome.Pass() : new Outcome.Leave(storeKey);
      }
      Object[] row = {Long.parseLong(parts[1])};
      return append ? new Outcome.Add(row, false) : new Outcome.Put(storeKey, row);
    };
  }
}
