package dev.millrace.api.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.millrace.api.status.Condition;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of an access request. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AccessRequestStatus(
    @JsonPropertyDescription("Pending, Approved, Denied, Revoked or Expired.")
        @Nullable String phase,
    @JsonPropertyDescription("The generation of spec that this is about.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription(
            "When it was first seen approved: the time asked for counts from here.")
        @Nullable Instant approvedAt,
    @JsonPropertyDescription("When it ends. Omitted: never, or it is not approved.")
        @Nullable Instant expires,
    @JsonPropertyDescription("What is true of it.") @Nullable List<Condition> conditions) {}
