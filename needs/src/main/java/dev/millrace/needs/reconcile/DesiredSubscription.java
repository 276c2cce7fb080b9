package dev.millrace.needs.reconcile;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.problem.Finding;
import dev.millrace.needs.check.Need;
import java.util.List;

/**
 * A subscription as a controller has to make it true.
 *
 * @param uid a new one under an old name is another pipeline
 * @param generation of the spec that {@code need} was made from
 * @param deleting clean up, then call {@link Board#forgotten}
 * @param misfits what the product's schema of now has against it; {@code need} is then that of the
 *     schema before
 */
public record DesiredSubscription(
    ObjectKey key,
    String uid,
    long generation,
    boolean deleting,
    Need need,
    List<Finding> misfits) {
  public DesiredSubscription {
    misfits = List.copyOf(misfits);
  }
}
