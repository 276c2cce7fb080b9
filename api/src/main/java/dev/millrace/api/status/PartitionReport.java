package dev.millrace.api.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.millrace.api.ObjectKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a worker says of one partition of one pipeline, on {@code millrace.status}.
 *
 * @param definition the plan version that wrote the position
 * @param phase Preloading, Live, Finished (at its end), Paused, Retrying or Stopped
 * @param position next offset to apply, as committed in the store
 * @param flushed the same, as far as a crash of the store cannot take it back
 * @param endOffset the log's end as the worker saw it last
 * @param counts of this partition since the pipeline began; kept in the store with the cursor
 * @param consumed events the consumer handed over in this worker's tenure: checks {@code
 *     counts.read}
 * @param lastEventTime timestamp of the last applied record; lag in seconds is measured from it
 * @param reason why it is Retrying or Stopped: a stable CamelCase word
 * @param message the same for people, with the remedy
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PartitionReport(
    ObjectKey subscription,
    int partition,
    long definition,
    String worker,
    String phase,
    long position,
    long flushed,
    long endOffset,
    Counts counts,
    long consumed,
    @Nullable Instant lastEventTime,
    @Nullable String reason,
    @Nullable String message,
    Instant at) {}
