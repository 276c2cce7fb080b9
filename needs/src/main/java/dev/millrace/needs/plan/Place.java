package dev.millrace.needs.plan;

import dev.millrace.api.ObjectKey;
import java.util.Optional;

/**
 * Where a pipeline writes.
 *
 * @param writer reference to the writer's login
 * @param hashKey reference to the key of the Hash mask, when a column is hashed
 */
public record Place(
    ObjectKey store,
    String host,
    int port,
    String database,
    String tls,
    String writer,
    Optional<String> hashKey) {}
