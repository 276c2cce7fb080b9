package dev.millrace.api.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription asks the owner of a product for, written by the platform and never changed;
 * and the owner's decision. It lives in the product's tenant.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AccessRequestSpec(
    @JsonPropertyDescription("The product that is asked for, of the same tenant, by its name.")
        @Nullable String product,
    @JsonPropertyDescription("Who asks, as tenant/name.") @Nullable String subscription,
    @JsonPropertyDescription("The subscription's uid: another one of its name asks anew.")
        @Nullable String uid,
    @JsonPropertyDescription("Who applied the subscription, as the API server knows them.")
        @Nullable String requestedBy,
    @JsonPropertyDescription("What the events are wanted for.") @Nullable String purpose,
    @JsonPropertyDescription("How long, from the approval on, such as 90d. Omitted: for good.")
        @com.fasterxml.jackson.annotation.JsonProperty("for")
        @Nullable String duration,
    @JsonPropertyDescription(
            "Every field that it would read, by columns, expressions or filter, and how it is"
                + " masked; * for whatever an event holds, declared or not.")
        @Nullable List<AskedField> fields,
    @JsonPropertyDescription(
            "True when all fields are asked for, and new ones as they come; new ones that are"
                + " Personal or Secret are not meant by it.")
        @Nullable Boolean everyField,
    @JsonPropertyDescription("The events that are asked for, as CEL. Omitted: every event.")
        @Nullable String filter,
    @JsonPropertyDescription(
            "Upsert (the last version of each key) or Append (every event there was).")
        @Nullable String mode,
    @JsonPropertyDescription("What the owner says. Omitted: nothing yet.")
        @Nullable Decision decision) {

  /** One field, with all that is in it. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record AskedField(
      @JsonPropertyDescription("Dotted path into the event.") @Nullable String path,
      @JsonPropertyDescription("Hash, Redact or Partial. Omitted: it is read as it is.")
          @Nullable String mask) {}

  /** What the owner says, perhaps granting less than was asked for. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Decision(
      @JsonPropertyDescription("Approved, Denied, or Revoked after it was approved.")
          @Nullable String verdict,
      @JsonPropertyDescription("Who decides: the user who writes this.") @Nullable String by,
      @JsonPropertyDescription("Why, for whoever asked.") @Nullable String reason,
      @JsonPropertyDescription(
              "The fields that are granted, each with all that was asked for in it. Omitted: all"
                  + " that was asked for.")
          @Nullable List<String> fields,
      @JsonPropertyDescription(
              "CEL over `event`: only events for which it is true are granted. Omitted: all that"
                  + " was asked for.")
          @Nullable String rowFilter,
      @JsonPropertyDescription(
              "Field path to Hash, Redact or Partial: it is granted only if masked so, or more.")
          @Nullable Map<String, String> masks,
      @JsonPropertyDescription("When it ends. Omitted: when the time is over that was asked for.")
          @Nullable Instant until) {}

  /** The same without what the owner says. */
  public AccessRequestSpec asked() {
    return new AccessRequestSpec(
        product,
        subscription,
        uid,
        requestedBy,
        purpose,
        duration,
        fields,
        everyField,
        filter,
        mode,
        null);
  }
}
