package dev.millrace.catalog.control;

import dev.millrace.api.ObjectKey;
import dev.millrace.needs.check.Need;

/**
 * A subscription as a controller has to make it true.
 *
 * @param uid a new one under an old name is another pipeline
 * @param generation of the spec that {@code need} was made from
 * @param deleting clean up, then call {@link ControlBoard#forgotten}
 */
public record DesiredSubscription(
    ObjectKey key, String uid, long generation, boolean deleting, Need need) {}
