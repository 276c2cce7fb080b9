package dev.millrace.catalog.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a filter makes of recent events.
 *
 * @param scanned how many were looked at; deletions, which hold no event, are not counted
 * @param failed for how many the filter has no answer: a subscription would have dead letters
 * @param from when the oldest of them was published; absent when there are none
 * @param examples the newest that match
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Preview(
    int scanned,
    int matched,
    int failed,
    @Nullable Instant from,
    @Nullable Instant to,
    List<StoredEvent> examples) {}
