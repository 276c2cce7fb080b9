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
    @JsonPropertyDescription("Where in the stream it begins. Omitted: at its beginning.")
        @Nullable StartFrom startFrom,
    @JsonPropertyDescription("Where it ends, finished: the past state of a stream. Omitted: never.")
        @Nullable Until until,
    @JsonPropertyDescription(
            "Upsert (the default: the last version of each key) or Append (every event"
                + " a row).")
        @Nullable String mode,
    @JsonPropertyDescription("Where to keep the events.") @Nullable StoreRequest store,
    @JsonPropertyDescription(
            "What becomes of an event that cannot be applied. Omitted: it is kept as a"
                + " dead letter.")
        @Nullable OnError onError,
    @JsonPropertyDescription(
            "What a new schema of the product does: Additive (the default: new fields"
                + " come along), Rebuild (the content is built anew) or Stop.")
        @Nullable String onSchemaChange,
    @JsonPropertyDescription("What to tell the owner of a product whose policy is Approval.")
        @Nullable AccessTerms access,
    @JsonPropertyDescription("Running (the default), Paused or Stopped.") @Nullable String state,
    @JsonPropertyDescription(
            "What is asked once: a token for each of rotate, rebuild, acceptLoss; echoed in status.")
        @Nullable Map<String, String> requests) {

  /** One column. Exactly one of {@code field} and {@code expr}. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SelectedField(
      @JsonPropertyDescription(
              "Dotted path into the event, such as customer.email. Exactly one of field"
                  + " and expr.")
          @Nullable String field,
      @JsonPropertyDescription("CEL over `event`; needs `as`.") @Nullable String expr,
      @JsonPropertyDescription("The column's name. Omitted: the path with dots as underscores.")
          @Nullable String as,
      @JsonPropertyDescription("Such as decimal(12,2). Omitted: what the schema says.")
          @Nullable String type,
      @JsonPropertyDescription("Whether it is part of the store's key.") @Nullable Boolean key,
      @JsonPropertyDescription("None (the default), Hash, Redact or Partial.")
          @Nullable String mask) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record StartFrom(
      @JsonPropertyDescription("Beginning, Now, Timestamp or Offsets.") @Nullable String type,
      @JsonPropertyDescription("For Timestamp: the first event at or after it.")
          @Nullable Instant timestamp,
      @JsonPropertyDescription("For Offsets: partition number to offset.")
          @Nullable Map<String, Long> offsets) {}

  /** Exactly one of the two. It ends before these. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Until(
      @JsonPropertyDescription(
              "It ends before the first event at or after it; not in the future. Exactly"
                  + " one of timestamp and offsets.")
          @Nullable Instant timestamp,
      @JsonPropertyDescription(
              "Partition number to the offset before which it ends; partitions left out"
                  + " end at the log's end of now.")
          @Nullable Map<String, Long> offsets) {}

  /**
   * Where to keep the events. {@code class} makes a Store of the subscription's name; {@code name}
   * uses one that is there.
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record StoreRequest(
      @JsonPropertyDescription(
              "The StoreClass of which a Store of the subscription's name is made."
                  + " Exactly one of class and name.")
          @com.fasterxml.jackson.annotation.JsonProperty("class")
          @Nullable String storeClass,
      @JsonPropertyDescription("A Store of the tenant that is there.") @Nullable String name,
      @JsonPropertyDescription("For Postgres: the table.") @Nullable Table table,
      @JsonPropertyDescription("For Redis: the keys.") @Nullable Redis redis,
      @JsonPropertyDescription(
              "Retain (the default) or Delete: what becomes of table or keys with the"
                  + " subscription.")
          @Nullable String reclaimPolicy) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Table(
      @JsonPropertyDescription("Omitted: the subscription's name with dashes as underscores.")
          @Nullable String name,
      @JsonPropertyDescription("The database schema. Omitted: public.") @Nullable String schema,
      @JsonPropertyDescription("Further indexes, each a list of column names.")
          @Nullable List<List<String>> indexes) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Redis(
      @JsonPropertyDescription("Hash (the default: a field for each column) or Json (one string).")
          @Nullable String structure,
      @JsonPropertyDescription(
              "Template over the key column with a literal prefix, such as" + " order:{order_id}.")
          @Nullable String key,
      @JsonPropertyDescription("Such as 24h, counted from the event's time. Omitted: kept.")
          @Nullable String ttl) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record OnError(
      @JsonPropertyDescription("DeadLetter (the default), Halt or Skip.") @Nullable String policy,
      @JsonPropertyDescription(
              "A number of dead letters, or a share such as 5%, at which it stops."
                  + " Omitted: never.")
          @Nullable String stopAfter) {}

  /** What to tell the owner of a product whose policy is Approval. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record AccessTerms(
      @JsonPropertyDescription("What the events are wanted for.") @Nullable String purpose,
      @JsonPropertyDescription("How long, such as 90d. Omitted: for good.")
          @com.fasterxml.jackson.annotation.JsonProperty("for")
          @Nullable String duration,
      @JsonPropertyDescription(
              "On Kubernetes: who asks, as the API server knows them (kubectl auth whoami); whoever"
                  + " asks does not approve.")
          @Nullable String requestedBy) {}
}
