package dev.millrace.provisioner.simulation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.correction.Correction;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.plan.Alterations;
import dev.millrace.needs.plan.Losses;
import dev.millrace.needs.plan.Rebuilds;
import dev.millrace.provisioner.correction.Corrections;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One subscription and its store, from its beginning to its end; and what its owner wants. */
final class Subscription {
  static final String TOPIC = "events";
  static final ObjectKey PRODUCT = new ObjectKey("sim", "product");

  final ObjectKey name;
  final ObjectKey shadowName;
  final String uid;
  final String topicId;
  final Map<Integer, Long> start = new HashMap<>();
  final SimulatedStore store;

  Shape shape;
  String state = "Running";
  private String onError;

  /** Of the rebuild that was asked for last. */
  @Nullable String token;

  /** What somebody chose to go on without. */
  final List<PipelinePlan.Gap> gaps = new ArrayList<>();

  /** Deletion was asked for. */
  boolean deleting;

  /** Nothing is left of it. */
  boolean gone;

  /** Its history was proven. */
  boolean ready;

  /** Each that ever was in force. */
  final Set<String> policies = new HashSet<>();

  /** What people decided of its events. */
  private Corrections corrections = Corrections.NONE;

  /** The same, as the oracle reads it: for each event, in the order decided. */
  private final Map<String, List<Fix>> fixes = new HashMap<>();

  /**
   * @param kind GOOD, or BROKEN again; null to leave the event out
   */
  record Fix(SimulatedLog.@Nullable Kind kind, int value, long id) {}

  Subscription(
      String name, Shape shape, String onError, boolean fromNow, SimulatedLog log, World world) {
    this.name = new ObjectKey("sim", name);
    this.shadowName = Rebuilds.shadowOf(this.name);
    this.uid = name + "-uid";
    this.shape = shape;
    onError(onError);
    this.topicId = log.topicId();
    for (int i = 0; i < log.partitions.size(); i++) {
      SimulatedLog.Partition partition = log.partitions.get(i);
      start.put(i, fromNow ? partition.end : partition.start);
    }
    this.store = new SimulatedStore(this, world);
  }

  /** What its readers see; empty before it was made. */
  Optional<SimulatedStore.Table> table() {
    return store.table(uid);
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

  /**
   * The plan that should run, as a controller plans it: what runs keeps its start and cutover; what
   * is to leave other content has a higher definition, and begins where that began.
   *
   * @param ends of the log, now
   */
  PipelinePlan wanted(
      Optional<PipelinePlan> published, Optional<PipelinePlan> shadow, Map<Integer, Long> ends) {
    if (published.isEmpty()) {
      return plan(1, start, cutover(ends), token);
    }
    PipelinePlan live = published.get();
    PipelinePlan same = plan(live.definition(), live.start(), live.cutover(), live.rebuild());
    boolean asked = token != null && !token.equals(live.rebuild());
    if (deleting || (Rebuilds.sameContent(same, live) && !asked)) {
      return deleting ? same : Alterations.unaltered(live, same);
    }
    if (!asked && Shape.of(live).growsTo(shape)) {
      return Alterations.wanted(live, same, same.columns());
    }
    String reason = asked ? token : live.rebuild();
    long last = Math.max(live.definition(), shadow.map(PipelinePlan::definition).orElse(0L));
    PipelinePlan next = plan(last + 1, Losses.begins(same), cutover(ends), reason);
    return shadow.isPresent() && Rebuilds.builds(shadow.get(), next)
        ? plan(shadow.get().definition(), shadow.get().start(), shadow.get().cutover(), reason)
        : next;
  }

  /** What runs is not what its owner wants there. */
  boolean wantsOther(PipelinePlan live) {
    return !Shape.of(live).always().equals(shape)
        || (token != null && !token.equals(live.rebuild()));
  }

  /** As if nothing else had ever been wanted. */
  void wantsAgain(PipelinePlan live) {
    shape = Shape.of(live).always();
    token = live.rebuild();
  }

  private Map<Integer, Long> cutover(Map<Integer, Long> ends) {
    Map<Integer, Long> cutover = new TreeMap<>();
    start.forEach((partition, from) ->
        cutover.put(partition, Math.max(from, ends.getOrDefault(partition, 0L))));
    return cutover;
  }

  private PipelinePlan plan(
      long definition,
      Map<Integer, Long> from,
      Map<Integer, Long> cutover,
      @Nullable String rebuild) {
    return new PipelinePlan(
        name,
        uid,
        definition,
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
        shape.filter(),
        shape.columns(),
        shape.mode(),
        new PipelinePlan.Target(
            "Simulated",
            name,
            "nowhere",
            1,
            "",
            "disable",
            "",
            new PipelinePlan.Table("public", name.name(), List.of()),
            null),
        new PipelinePlan.ErrorPolicy(onError, null, null),
        Map.copyOf(from),
        Map.copyOf(cutover),
        null,
        null,
        null,
        rebuild,
        gaps.isEmpty() ? null : new PipelinePlan.Loss("token", List.copyOf(gaps)),
        null,
        null);
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
}
