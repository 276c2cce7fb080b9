package dev.millrace.provisioner.report;

import dev.millrace.api.status.Counts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where one partition of a pipeline stands, as its pipeline knows it.
 *
 * @param position next offset to apply, as the store has it
 * @param flushed the same, as far as no crash of the store takes it back
 * @param consumed events the consumer handed over since the partition was taken
 * @param reason why it does not go on
 */
public record Standing(
    int partition,
    Phase phase,
    long position,
    long flushed,
    Counts counts,
    long consumed,
    @Nullable Instant lastEventTime,
    @Nullable String reason,
    @Nullable String message) {

  /** The words of {@link dev.millrace.api.status.PartitionReport}. */
  public enum Phase {
    Preloading,
    Live,
    Finished,
    Paused,
    Retrying,
    Stopped
  }

  public Standing in(Phase now, @Nullable String why, @Nullable String sentence) {
    return new Standing(
        partition, now, position, flushed, counts, consumed, lastEventTime, why, sentence);
  }
}
