package dev.millrace.needs.transform;

import dev.millrace.needs.event.RawEvent;
import org.jspecify.annotations.Nullable;

/**
 * A compiled plan. Pure and deterministic: the same record gives the same outcome on every worker.
 * Not safe for use by several threads; compile one for each.
 *
 * <p>Made by {@code Transforms.compile(plan, hashKey)}, which checks the plan again.
 */
public interface Transform {

  /**
   * @param partition and {@code offset} where it stands: columns may be another since some place
   * @param key the record key's bytes, or null when it has none
   * @param event what others have found out about it is used; null for a tombstone
   */
  Outcome apply(int partition, long offset, byte @Nullable [] key, @Nullable RawEvent event);

  /**
   * What others have found out about these events tells of most that they do not match the filter.
   */
  default Selection among(SharedEvents events) {
    return Selection.ALL;
  }

  /** For a record that nobody else reads. */
  default Outcome apply(
      int partition, long offset, byte @Nullable [] key, byte @Nullable [] value) {
    return apply(partition, offset, key, value == null ? null : new RawEvent(value));
  }

  /** For a record that comes after all there are. */
  default Outcome apply(byte @Nullable [] key, @Nullable RawEvent event) {
    return apply(0, Long.MAX_VALUE, key, event);
  }

  /** For a record that comes after all there are, and that nobody else reads. */
  default Outcome apply(byte @Nullable [] key, byte @Nullable [] value) {
    return apply(0, Long.MAX_VALUE, key, value);
  }
}
