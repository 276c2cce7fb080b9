package dev.millrace.api.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A kind of store that the platform team offers.
 *
 * @param engine Postgres or Redis; absent for the class {@code external}, whose stores name their
 *     own
 * @param provider Embedded, Shared or External
 * @param server address of the server for Embedded and Shared: {@code host:port}
 * @param limits what a store of this class may hold
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StoreClassSpec(
    @Nullable String description,
    @Nullable String engine,
    @Nullable String provider,
    @Nullable String server,
    @Nullable Limits limits) {

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Limits(@Nullable Integer subscriptions) {}
}
