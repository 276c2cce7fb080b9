package dev.millrace.api.subscription;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One stated need: which events, in what form, where. Holds whatever decodes; {@code needs.check}
 * says what is wrong with it.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DataSubscriptionSpec(
    @JsonPropertyDescription("The product, as tenant/name.") @Nullable String product,
    @JsonPropertyDescription("CEL over `event`, typed against the schema. Omitted: every event.")
        @Nullable String filter,
    @JsonPropertyDescription(
            "The columns, replaced as a whole. Omitted: all fields of the schema, and new ones.")
        @Nullable List<SelectedField> select,
    @Nullable StartFrom startFrom,
    @JsonPropertyDescription("Where it ends, finished: the past state of a stream. Omitted: never.")
        @Nullable Until until,
    @JsonPropertyDescription("Upsert (the last version of each key) or Append (every event a row).")
        @Nullable String mode,
    @Nullable StoreRequest store,
    @Nullable OnError onError,
    @JsonPropertyDescription("Additive, Rebuild or Stop.") @Nullable String onSchemaChange,
    @Nullable AccessTerms access,
    @JsonPropertyDescription("Running, Paused or Stopped.") @Nullable String state,
    @JsonPropertyDescription(
            "What is asked once: a token for each of rotate, rebuild, acceptLoss; echoed in status.")
        @Nullable Map<String, String> requests) {

  /**
   * One column. Exactly one of {@code field} and {@code expr}.
   *
   * @param field dotted path into the event, such as {@code customer.email}
   * @param expr CEL over {@code event}; needs {@code as}
   * @param as column name; defaults to the path with dots as underscores
   * @param type such as {@code decimal(12,2)}; defaults to what the schema says
   * @param key part of the store's key
   * @param mask None, Hash, Redact or Partial
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SelectedField(
      @Nullable String field,
      @Nullable String expr,
      @Nullable String as,
      @Nullable String type,
      @Nullable Boolean key,
      @Nullable String mask) {}

  /**
   * @param type Beginning, Now, Timestamp or Offsets
   * @param timestamp for Timestamp: the first event at or after it
   * @param offsets for Offsets: partition number to offset
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record StartFrom(
      @Nullable String type, @Nullable Instant timestamp, @Nullable Map<String, Long> offsets) {}

  /**
   * Exactly one of the two. It ends before these.
   *
   * @param timestamp before the first event at or after it; not in the future
   * @param offsets partition number to offset; partitions left out end at the log's end of now
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Until(@Nullable Instant timestamp, @Nullable Map<String, Long> offsets) {}

  /**
   * Where to keep the events. {@code class} makes a Store of the subscription's name; {@code name}
   * uses one that is there.
   *
   * @param reclaimPolicy Retain (default) or Delete: what becomes of table or keys
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record StoreRequest(
      @com.fasterxml.jackson.annotation.JsonProperty("class") @Nullable String storeClass,
      @Nullable String name,
      @Nullable Table table,
      @Nullable Redis redis,
      @Nullable String reclaimPolicy) {}

  /**
   * @param name defaults to the subscription's name with dashes as underscores
   * @param schema defaults to {@code public}
   * @param indexes each a list of column names
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Table(
      @Nullable String name, @Nullable String schema, @Nullable List<List<String>> indexes) {}

  /**
   * @param structure Hash (a field for each column) or Json (one string)
   * @param key template over key columns, such as {@code order:{order_id}}, with a literal prefix
   * @param ttl such as {@code 24h}, counted from the event's time; omitted: kept
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Redis(@Nullable String structure, @Nullable String key, @Nullable String ttl) {}

  /**
   * @param policy DeadLetter (default), Halt or Skip
   * @param stopAfter a number of dead letters, or a share such as {@code 5%}; omitted: never
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record OnError(@Nullable String policy, @Nullable String stopAfter) {}

  /** What to tell the owner of a product whose policy is Approval. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record AccessTerms(
      @Nullable String purpose,
      @com.fasterxml.jackson.annotation.JsonProperty("for") @Nullable String duration) {}
}
