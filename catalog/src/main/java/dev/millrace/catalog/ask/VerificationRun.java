package dev.millrace.catalog.ask;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.millrace.api.ask.Verification;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A comparison of a store with its stream, as REST shows it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VerificationRun(
    @Schema(required = true) String id,
    @Schema(required = true, description = "Running, Done or Failed.") String state,
    @Schema(description = "What was found, or so far; with an outcome when it is Done.")
        @Nullable Verification result,
    @Schema(description = "Why it failed, as a stable word.") @Nullable String code,
    @Schema(description = "The same for people.") @Nullable String problem) {}
