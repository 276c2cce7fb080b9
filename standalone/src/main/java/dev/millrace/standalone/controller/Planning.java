package dev.millrace.standalone.controller;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.catalog.control.ControlBoard;
import dev.millrace.catalog.control.DesiredSubscription;
import dev.millrace.needs.check.Need;
import dev.millrace.needs.plan.Plans;
import dev.millrace.needs.plan.SourceFacts;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.FileVault;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;

/** From a need and what is observed to the plan that should run. */
final class Planning {
  /** Nothing of a need can change yet that alters what is stored, so there is one version. */
  private static final long DEFINITION = 1;

  private final ControlBoard board;
  private final SourceObserver source;
  private final Sites sites;
  private final FileVault vault;

  Planning(ControlBoard board, SourceObserver source, Sites sites, FileVault vault) {
    this.board = board;
    this.source = source;
    this.sites = sites;
    this.vault = vault;
  }

  /**
   * What was planned once keeps its start and cutover; only a new pipeline asks Kafka.
   *
   * @throws SourceFault only for a new pipeline
   */
  PipelinePlan plan(DesiredSubscription desired, Optional<PipelinePlan> published)
      throws SourceFault {
    Need need = desired.need();
    SourceFacts facts =
        published.filter(plan -> plan.uid().equals(desired.uid())).isPresent()
            ? factsOf(published.get())
            : desired.deleting() ? nothing() : source.facts(need);
    return Wire.asRead(
        Plans.plan(need, desired.uid(), DEFINITION, facts, sites.place(site(need), hashKey(need))));
  }

  StoreSite site(Need need) {
    return sites.site(need.store(), storeSpec(need));
  }

  /** The Store's own spec, or that of the Store this need brings along. */
  StoreSpec storeSpec(Need need) {
    return board
        .store(need.store())
        .orElseGet(
            () -> new StoreSpec(need.newStoreClass().orElseThrow(), null, need.reclaimPolicy()));
  }

  /** One key for each tenant: equal values stay equal within a tenant and differ between two. */
  private Optional<String> hashKey(Need need) {
    if (need.columns().stream().noneMatch(column -> column.mask().equals("Hash"))) {
      return Optional.empty();
    }
    ObjectKey subscription = need.subscription();
    String reference = "hash/" + subscription.tenant() + "/v1";
    if (vault.key(reference).isEmpty()) {
      byte[] key = new byte[32];
      new SecureRandom().nextBytes(key);
      vault.putKey(reference, key);
    }
    return Optional.of(reference);
  }

  private static SourceFacts factsOf(PipelinePlan plan) {
    PipelinePlan.Source source = plan.source();
    return new SourceFacts(
        source.topic(),
        source.topicId(),
        source.clusterId(),
        source.partitions(),
        plan.start(),
        plan.cutover());
  }

  private static SourceFacts nothing() {
    return new SourceFacts("", "", "", 0, Map.of(), Map.of());
  }
}
