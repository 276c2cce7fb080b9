package dev.millrace.needs.reconcile;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.api.store.StoreSpec;
import org.jspecify.annotations.Nullable;

/**
 * What cleaning up behind a pipeline takes: enough to do it when its subscription, its Store and
 * the Store's class have gone.
 *
 * @param plan whose content goes; its target says where that is
 * @param keepData the rows stay
 * @param store as it was declared, without passwords
 * @param offer the class it is of, as it is now; null for a store that was brought, and when there
 *     is none of that name any more
 * @param removeStore the Store's own part of the server goes, too
 */
public record Due(
    PipelinePlan plan,
    boolean keepData,
    StoreSpec store,
    @Nullable StoreClassSpec offer,
    boolean removeStore) {

  /** The Store's own part of the server stays. */
  public Due withoutStore() {
    return new Due(plan, keepData, store, offer, false);
  }
}
