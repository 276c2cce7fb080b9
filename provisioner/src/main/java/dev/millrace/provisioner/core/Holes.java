package dev.millrace.provisioner.core;

import java.time.Instant;
import java.util.Optional;

/**
 * What to make of offsets that the log does not give. Mostly nothing: markers of transactions and
 * aborted events have theirs. But of a compacted log a deletion may have stood there, that was
 * taken before it was read.
 */
public interface Holes {
  Holes HARMLESS = (partition, offset, before) -> Optional.empty();

  /**
   * Why a pipeline must not pass this one; empty when it may.
   *
   * @param offset where it begins
   * @param before when the event before it was published, as far as one was read
   */
  Optional<Trouble> trouble(int partition, long offset, Instant before);
}
