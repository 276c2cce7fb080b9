package dev.millrace.api.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.millrace.api.status.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a store is and who uses it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StoreStatus(
    @Nullable String engine,
    @Nullable String host,
    @Nullable Integer port,
    @Nullable String database,
    @Nullable List<String> subscriptions,
    @Nullable List<Condition> conditions) {}
