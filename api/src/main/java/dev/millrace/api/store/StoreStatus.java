package dev.millrace.api.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.millrace.api.status.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a store is and who uses it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StoreStatus(
    @JsonPropertyDescription("Postgres or Redis.") @Nullable String engine,
    @JsonPropertyDescription("Where it is.") @Nullable String host,
    @JsonPropertyDescription("Where it is.") @Nullable Integer port,
    @JsonPropertyDescription("Postgres: the database's name. Redis: its number.")
        @Nullable String database,
    @JsonPropertyDescription("Those that are kept there, by name.")
        @Nullable List<String> subscriptions,
    @JsonPropertyDescription("What is true of it.") @Nullable List<Condition> conditions) {}
