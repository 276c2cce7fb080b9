package dev.millrace.api.status;

/**
 * Where each event that was read went. {@code read = applied + filtered + deadLettered + skipped},
 * always; all five move with the cursor.
 */
public record Counts(long read, long applied, long filtered, long deadLettered, long skipped) {

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
