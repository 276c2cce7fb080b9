package dev.millrace.api.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.ObjectKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A subscription, complete and resolved: all a worker needs but the secrets, which it names by
 * reference. Made by {@code needs.plan}, published on {@code millrace.definitions}.
 *
 * @param uid of the subscription: a new one under the old name is another pipeline
 * @param definition version of what is written: grows with each change that alters stored content
 * @param requires features a worker must know, or refuse the plan
 * @param state Running, Paused or Stopped
 * @param filter CEL, or absent for every event
 * @param mode Upsert or Append
 * @param start first offset of each partition
 * @param cutover high watermark of each partition at plan time: history is loaded when reached
 * @param hashKey reference to the key of the Hash mask; absent when no column is hashed
 * @param until for each partition the offset at which it ends, finished; absent for never
 * @param holdAt the same, for a while: a rebuild is being swapped in, and both stand still there
 * @param rebuild the request's token that this definition was made for; absent for none
 * @param loss what left the log unapplied and was accepted as lost; absent when nobody was asked
 * @param since when it was planned: nothing of what it holds was read before; absent when unknown
 * @param built the definition whose content was built whole; since then columns were added or
 *     widened where they are. Absent: this one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PipelinePlan(
    ObjectKey subscription,
    String uid,
    long definition,
    List<String> requires,
    String state,
    Source source,
    @Nullable String filter,
    List<Column> columns,
    String mode,
    Target target,
    ErrorPolicy onError,
    Map<Integer, Long> start,
    Map<Integer, Long> cutover,
    @Nullable String hashKey,
    @Nullable Map<Integer, Long> until,
    @Nullable Map<Integer, Long> holdAt,
    @Nullable String rebuild,
    @Nullable Loss loss,
    @Nullable Instant since,
    @Nullable Long built) {

  /** One that goes on for ever, and that nobody asked to be built anew. */
  public PipelinePlan(
      ObjectKey subscription,
      String uid,
      long definition,
      List<String> requires,
      String state,
      Source source,
      @Nullable String filter,
      List<Column> columns,
      String mode,
      Target target,
      ErrorPolicy onError,
      Map<Integer, Long> start,
      Map<Integer, Long> cutover,
      @Nullable String hashKey) {
    this(
        subscription,
        uid,
        definition,
        requires,
        state,
        source,
        filter,
        columns,
        mode,
        target,
        onError,
        start,
        cutover,
        hashKey,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** The definition whose content was built whole. */
  public long builtAt() {
    return built == null ? definition : built;
  }

  public PipelinePlan inState(String now) {
    Draft draft = new Draft();
    draft.state = now;
    return draft.plan();
  }

  /**
   * @param positions null to go on
   */
  public PipelinePlan heldAt(@Nullable Map<Integer, Long> positions) {
    Draft draft = new Draft();
    draft.holdAt = positions;
    return draft.plan();
  }

  /**
   * @param accepted null when nobody was asked
   */
  public PipelinePlan losing(@Nullable Loss accepted) {
    Draft draft = new Draft();
    draft.loss = accepted;
    return draft.plan();
  }

  /** The pipeline of another store, or the same, that does what this one does. */
  public PipelinePlan of(ObjectKey pipeline, String itsUid, Target itsTarget) {
    Draft draft = new Draft();
    draft.subscription = pipeline;
    draft.uid = itsUid;
    draft.target = itsTarget;
    return draft.plan();
  }

  /** What may change while it runs. */
  public PipelinePlan carrying(String itsState, ErrorPolicy itsPolicy, @Nullable Loss itsLoss) {
    Draft draft = new Draft();
    draft.state = itsState;
    draft.onError = itsPolicy;
    draft.loss = itsLoss;
    return draft.plan();
  }

  /**
   * Other columns, and held nowhere.
   *
   * @param features that a worker has to know for it
   * @param whole null for this definition
   */
  public PipelinePlan with(
      long itsDefinition, List<String> features, List<Column> itsColumns, @Nullable Long whole) {
    Draft draft = new Draft();
    draft.definition = itsDefinition;
    draft.requires = features;
    draft.columns = itsColumns;
    draft.holdAt = null;
    draft.built = whole;
    return draft.plan();
  }

  /**
   * @param schema JSON Schema of the event, against which the filter is typed
   * @param key the field whose text is the record key
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Source(
      ObjectKey product,
      String topic,
      String topicId,
      String clusterId,
      int partitions,
      JsonNode schema,
      String key,
      boolean insertOnly) {}

  /**
   * One column of the target. Exactly one of {@code field} and {@code expr}.
   *
   * @param type the canonical spelling of a column type: text, int32, int64, float64, decimal(p,s),
   *     boolean, date, timestamp, uuid or json
   * @param mask None, Hash, Redact or Partial
   * @param since the first offset of each partition that it is so for; absent: for all of them
   * @param before what it was for events before that; absent: there was no such column
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Column(
      String name,
      @Nullable String field,
      @Nullable String expr,
      String type,
      boolean key,
      String mask,
      @Nullable Map<Integer, Long> since,
      @Nullable Column before) {

    /** One that was always so. */
    public Column(
        String name,
        @Nullable String field,
        @Nullable String expr,
        String type,
        boolean key,
        String mask) {
      this(name, field, expr, type, key, mask, null, null);
    }

    /** The same for events from these offsets on, and this one for those before. */
    public Column since(Map<Integer, Long> offsets, @Nullable Column was) {
      return new Column(name, field, expr, type, key, mask, offsets, was);
    }

    /** As if it had always been so. */
    public Column always() {
      return since == null ? this : new Column(name, field, expr, type, key, mask);
    }
  }

  /**
   * @param engine Postgres or Redis
   * @param store the Store
   * @param database Postgres: the database name; Redis: the database number
   * @param tls disable, require or verify-full
   * @param writer reference to the writer's credentials
   * @param table for Postgres
   * @param keys for Redis
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Target(
      String engine,
      ObjectKey store,
      String host,
      int port,
      String database,
      String tls,
      String writer,
      @Nullable Table table,
      @Nullable Keys keys) {

    /** Another place in the same store. */
    public Target at(@Nullable Table otherTable, @Nullable Keys otherKeys) {
      return new Target(engine, store, host, port, database, tls, writer, otherTable, otherKeys);
    }
  }

  /**
   * A Postgres table. In Append mode it also has {@code _partition}, {@code _offset}, {@code
   * _deleted}.
   */
  public record Table(String schema, String name, List<List<String>> indexes) {}

  /**
   * Redis keys: {@code prefix} followed by the template's rest.
   *
   * @param structure Hash or Json
   * @param template such as {@code order:{order_id}}
   * @param prefix the literal before the first brace; disjoint from every other subscription's
   * @param ttlSeconds from the event's time; absent: kept
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Keys(String structure, String template, String prefix, @Nullable Long ttlSeconds) {}

  /**
   * @param token of the request that was honoured last
   * @param gaps in the order of their offsets, for each partition; empty when nothing was lost then
   * @param thinned where compaction took what may have been deletions
   */
  public record Loss(String token, List<Gap> gaps, List<Thinned> thinned) {
    public Loss(String token, List<Gap> gaps) {
      this(token, gaps, List.of());
    }
  }

  /**
   * Offsets that left the log before they were applied. A pipeline that stands in it goes on behind
   * it; one that stands before it does not.
   *
   * @param from where the pipeline stood
   * @param to where the log began
   */
  public record Gap(int partition, long from, long to) {}

  /**
   * Offsets of which compaction took some before they were applied. What is left is applied.
   *
   * @param from where the pipeline stood
   * @param to where the log ended
   * @param definition of what it was writing: one that is built anew reads all again
   */
  public record Thinned(int partition, long from, long to, long definition) {}

  /**
   * @param policy DeadLetter, Halt or Skip
   * @param stopAfterCount stop when more events than this are dead
   * @param stopAfterShare stop when more than this share (0 to 1) of at least 1,000 events is dead
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ErrorPolicy(
      String policy, @Nullable Long stopAfterCount, @Nullable Double stopAfterShare) {}

  /** A plan that is this one but for what is set. */
  private final class Draft {
    private ObjectKey subscription = PipelinePlan.this.subscription;
    private String uid = PipelinePlan.this.uid;
    private long definition = PipelinePlan.this.definition;
    private List<String> requires = PipelinePlan.this.requires;
    private String state = PipelinePlan.this.state;
    private List<Column> columns = PipelinePlan.this.columns;
    private Target target = PipelinePlan.this.target;
    private ErrorPolicy onError = PipelinePlan.this.onError;
    private @Nullable Map<Integer, Long> holdAt = PipelinePlan.this.holdAt;
    private @Nullable Loss loss = PipelinePlan.this.loss;
    private @Nullable Long built = PipelinePlan.this.built;

    PipelinePlan plan() {
      return new PipelinePlan(
          subscription,
          uid,
          definition,
          requires,
          state,
          source,
          filter,
          columns,
          mode,
          target,
          onError,
          start,
          cutover,
          hashKey,
          until,
          holdAt,
          rebuild,
          loss,
          since,
          built);
    }
  }
}
