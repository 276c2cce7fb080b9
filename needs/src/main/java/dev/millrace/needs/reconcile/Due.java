package dev.millrace.needs.reconcile;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.store.StoreSpec;

/**
 * What cleaning up behind a pipeline takes: enough to do it when its subscription and its Store
 * have gone.
 *
 * @param plan whose content goes; its target says where that is
 * @param keepData the rows stay
 * @param store as it was declared, without passwords
 * @param removeStore the Store's own part of the server goes, too
 */
public record Due(PipelinePlan plan, boolean keepData, StoreSpec store, boolean removeStore) {}
