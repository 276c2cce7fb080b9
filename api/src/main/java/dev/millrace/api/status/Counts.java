package dev.millrace.api.status;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * Where each event that was read went. {@code read = applied + filtered + deadLettered + skipped},
 * always; all five move with the cursor.
 */
public record Counts(
    @JsonPropertyDescription("Events that were read: the sum of the others.") long read,
    @JsonPropertyDescription(
            "Events that are in the store, or were replaced by later ones of their key.")
        long applied,
    @JsonPropertyDescription("Events that the filter left out.") long filtered,
    @JsonPropertyDescription("Events that are kept as dead letters.") long deadLettered,
    @JsonPropertyDescription("Events that were skipped, as onError says.") long skipped) {

  public static final Counts NONE = new Counts(0, 0, 0, 0, 0);

  public Counts plus(Counts other) {
    return new Counts(
        read + other.read,
        applied + other.applied,
        filtered + other.filtered,
        deadLettered + other.deadLettered,
        skipped + other.skipped);
  }
}
