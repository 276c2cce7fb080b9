package dev.millrace.provisioner;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Builds plans over events such as {@code {"id":7,"name":"ann","total":12}}. */
final class TestPlan {
  private static final List<PipelinePlan.Column> COLUMNS =
      List.of(
          column("id", "int64", true),
          column("name", "text", false),
          column("total", "int32", false));
  private static final String SCHEMA =
      """
      {"type":"object","required":["id"],"properties":{
        "id":{"type":"integer"},"name":{"type":"string"},"total":{"type":"integer"}}}
      """;

  static final String HASH_KEY = "hash";

  private final Cluster cluster;
  private final String topic;
  private String uid = UUID.randomUUID().toString();
  private ObjectKey subscription = new ObjectKey("test", Cluster.name("sub"));
  private String state = "Running";
  private @Nullable String filter;
  private String mode = "Upsert";
  private PipelinePlan.ErrorPolicy onError = new PipelinePlan.ErrorPolicy("DeadLetter", null, null);
  private PipelinePlan.@Nullable Target target;
  private @Nullable Map<Integer, Long> start;
  private @Nullable String topicId;
  private List<String> requires = List.of();
  private String schema = SCHEMA;
  private List<PipelinePlan.Column> columns = COLUMNS;
  private @Nullable String hashKey;
  private @Nullable Instant since;

  TestPlan(Cluster cluster, String topic) {
    this.cluster = cluster;
    this.topic = topic;
  }

  TestPlan filter(String expression) {
    filter = expression;
    return this;
  }

  TestPlan append() {
    mode = "Append";
    return this;
  }

  TestPlan state(String wanted) {
    state = wanted;
    return this;
  }

  TestPlan onError(String policy, @Nullable Long count, @Nullable Double share) {
    onError = new PipelinePlan.ErrorPolicy(policy, count, share);
    return this;
  }

  TestPlan target(PipelinePlan.Target store) {
    target = store;
    return this;
  }

  TestPlan start(Map<Integer, Long> offsets) {
    start = offsets;
    return this;
  }

  TestPlan topicId(String id) {
    topicId = id;
    return this;
  }

  /** When it was planned, if not now. */
  TestPlan since(Instant time) {
    since = time;
    return this;
  }

  TestPlan requires(String feature) {
    requires = List.of(feature);
    return this;
  }

  /** Columns are called as their fields. */
  TestPlan columns(String schemaOfAll, PipelinePlan.Column... all) {
    schema = schemaOfAll;
    columns = List.of(all);
    return this;
  }

  static PipelinePlan.Column column(String name, String type, boolean key) {
    return new PipelinePlan.Column(name, name, null, type, key, "None");
  }

  /** The name only as its hash, by the key of this reference. */
  TestPlan hashedBy(String reference) {
    hashKey = reference;
    columns =
        columns.stream()
            .map(column ->
                column.name().equals("name")
                    ? new PipelinePlan.Column("name", "name", null, "text", false, "Hash")
                    : column)
            .toList();
    return this;
  }

  ObjectKey subscription() {
    return subscription;
  }

  /** Where the topic ends now is the cutover. */
  PipelinePlan plan() {
    Map<Integer, Long> ends = cluster.ends(topic);
    Map<Integer, Long> from =
        start != null
            ? start
            : cluster.offsets(topic, org.apache.kafka.clients.admin.OffsetSpec.earliest());
    return new PipelinePlan(
        subscription,
        uid,
        1,
        requires,
        state,
        new PipelinePlan.Source(
            new ObjectKey("test", "product"),
            topic,
            topicId == null ? cluster.topicId(topic) : topicId,
            cluster.clusterId(),
            ends.size(),
            parsed(schema),
            "id",
            false),
        filter,
        columns,
        mode,
        target == null ? memory() : target,
        onError,
        from,
        ends,
        hashKey,
        null,
        null,
        null,
        null,
        since == null ? Instant.now() : since,
        null);
  }

  /** The same pipeline, told to do otherwise; its cutover stays. */
  static PipelinePlan changed(PipelinePlan plan, String state, PipelinePlan.ErrorPolicy onError) {
    return new PipelinePlan(
        plan.subscription(),
        plan.uid(),
        plan.definition(),
        plan.requires(),
        state,
        plan.source(),
        plan.filter(),
        plan.columns(),
        plan.mode(),
        plan.target(),
        onError,
        plan.start(),
        plan.cutover(),
        plan.hashKey());
  }

  /** The next definition, of the same content. */
  static PipelinePlan next(PipelinePlan plan) {
    return new PipelinePlan(
        plan.subscription(),
        plan.uid(),
        plan.definition() + 1,
        plan.requires(),
        plan.state(),
        plan.source(),
        plan.filter(),
        plan.columns(),
        plan.mode(),
        plan.target(),
        plan.onError(),
        plan.start(),
        plan.cutover(),
        plan.hashKey());
  }

  private static PipelinePlan.Target memory() {
    return new PipelinePlan.Target(
        "Memory",
        new ObjectKey("test", "store"),
        "nowhere",
        1,
        "m",
        "disable",
        "writer",
        null,
        null);
  }

  private static com.fasterxml.jackson.databind.JsonNode parsed(String schema) {
    try {
      return Json.STRICT.readTree(schema);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
