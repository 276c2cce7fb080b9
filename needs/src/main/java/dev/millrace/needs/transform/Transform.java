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
   * @param key the record key's bytes, or null when it has none
   * @param event what others have found out about it is used; null for a tombstone
   */
  Outcome apply(byte @Nullable [] key, @Nullable RawEvent event);

  /** For a record that nobody else reads. */
  default Outcome apply(byte @Nullable [] key, byte @Nullable [] value) {
    return apply(key, value == null ? null : new RawEvent(value));
  }
}
