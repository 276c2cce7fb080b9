package dev.millrace.stores;

import dev.millrace.api.status.Counts;
import java.util.Optional;

/**
 * Where a store says one partition of one subscription stands. Kept in the store, moved with the
 * rows.
 *
 * @param nextOffset the next offset to apply
 * @param leaderEpoch of the last applied record, to notice a truncated log
 * @param definition version of the plan that wrote last
 * @param owner nonce of the holder; empty before the first worker came
 */
public record Cursor(
    int partition,
    long nextOffset,
    Optional<Integer> leaderEpoch,
    String clusterId,
    String topicId,
    long definition,
    String owner,
    Counts counts) {}
