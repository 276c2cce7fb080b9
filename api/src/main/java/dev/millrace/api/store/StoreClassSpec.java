package dev.millrace.api.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** A kind of store that the platform team offers. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StoreClassSpec(
    @JsonPropertyDescription("What it is good for, for people who choose.")
        @Nullable String description,
    @JsonPropertyDescription("Postgres or Redis. Absent for External, whose stores name their own.")
        @Nullable String engine,
    @JsonPropertyDescription("How its stores come about: Embedded, Shared or External.")
        @Nullable String provider,
    @JsonPropertyDescription("For Embedded and Shared: the server's host:port.")
        @Nullable String server,
    @JsonPropertyDescription("For Shared: disable (the default), require or verify-full.")
        @Nullable String tls,
    @JsonPropertyDescription(
            "On Kubernetes, for Shared: a Secret of the operator's namespace with username and password"
                + " of who may make databases and roles there, or users of Redis.")
        @Nullable String adminSecret,
    @JsonPropertyDescription("What a store of this class may hold.") @Nullable Limits limits) {

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Limits(
      @JsonPropertyDescription("The most subscriptions of one store.")
          @Nullable Integer subscriptions) {}
}
