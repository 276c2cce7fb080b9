package dev.millrace.api.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.millrace.api.ObjectKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a worker says of one partition of one pipeline, on {@code millrace.status}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PartitionReport(
    @JsonPropertyDescription("tenant/name.") ObjectKey subscription,
    @JsonPropertyDescription("Of the topic.") int partition,
    @JsonPropertyDescription("The plan's version that wrote the position.") long definition,
    @JsonPropertyDescription("Who has it.") String worker,
    @JsonPropertyDescription(
            "Preloading, Live, Finished (at its end), Paused, Retrying or Stopped.")
        String phase,
    @JsonPropertyDescription("The next offset to apply, as committed in the store.") long position,
    @JsonPropertyDescription("The same, as far as a crash of the store cannot take it back.")
        long flushed,
    @JsonPropertyDescription("The log's end as the worker saw it last.") long endOffset,
    @JsonPropertyDescription(
            "Of this partition since the pipeline began; kept in the store with the" + " cursor.")
        Counts counts,
    @JsonPropertyDescription(
            "Events that the consumer handed over in this worker's tenure: checks"
                + " counts.read.")
        long consumed,
    @JsonPropertyDescription(
            "Timestamp of the last applied record; lag in seconds is measured from it.")
        @Nullable Instant lastEventTime,
    @JsonPropertyDescription("Why it is Retrying or Stopped: a stable CamelCase word.")
        @Nullable String reason,
    @JsonPropertyDescription("The same for people, with the remedy.") @Nullable String message,
    @JsonPropertyDescription("When it was said.") Instant at) {}
