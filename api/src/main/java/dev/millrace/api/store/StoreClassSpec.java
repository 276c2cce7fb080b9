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
    @JsonPropertyDescription(
            "How its stores come about: Embedded, Shared, StatefulSet or External.")
        @Nullable String provider,
    @JsonPropertyDescription("For Embedded and Shared: the server's host:port.")
        @Nullable String server,
    @JsonPropertyDescription("For Shared: disable (the default), require or verify-full.")
        @Nullable String tls,
    @JsonPropertyDescription(
            "On Kubernetes, for Shared: a Secret of the operator's namespace with username and password"
                + " of who may make databases and roles there, or users of Redis.")
        @Nullable String adminSecret,
    @JsonPropertyDescription(
            "On Kubernetes, for StatefulSet: how the server is run that each of its stores has for"
                + " itself.")
        @Nullable StatefulSet statefulSet,
    @JsonPropertyDescription("What a store of this class may hold.") @Nullable Limits limits,
    @JsonPropertyDescription(
            "On Kubernetes: how often passwords of readers are changed, such as 30d. Omitted: when"
                + " somebody asks.")
        @Nullable String rotateEvery) {

  /** A server of its own for each store, as Pods of Kubernetes. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record StatefulSet(
      @JsonPropertyDescription("The server's image. Omitted: the one that the platform brings.")
          @Nullable String image,
      @JsonPropertyDescription("How large its volume is, such as 10Gi. It may grow.")
          @Nullable String storage,
      @JsonPropertyDescription(
              "Kubernetes' StorageClass of the volume. Omitted: the cluster's default.")
          @Nullable String storageClassName,
      @JsonPropertyDescription("The share of a processor that it is sure of, such as 500m.")
          @Nullable String cpu,
      @JsonPropertyDescription(
              "The memory that it gets, such as 1Gi; its caches are sized by that.")
          @Nullable String memory) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Limits(
      @JsonPropertyDescription("The most subscriptions of one store.")
          @Nullable Integer subscriptions) {}
}
