package dev.millrace.api.ask;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.millrace.api.ObjectKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A question to a running pipeline.
 *
 * @param kind Rows, DeadLetters, DeadLetter, Verify or Explain
 * @param limit at most this many entries, newest first
 * @param after where the page before ended: the answer's {@code next}; DeadLetter: which one, as
 *     partition/offset
 * @param deadline an answer after it is of no use to anyone
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Ask(
    String id,
    ObjectKey subscription,
    String kind,
    int limit,
    @Nullable String after,
    String actor,
    Instant deadline) {}
