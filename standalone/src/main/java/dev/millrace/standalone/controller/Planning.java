package dev.millrace.standalone.controller;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.catalog.control.ControlBoard;
import dev.millrace.catalog.control.DesiredSubscription;
import dev.millrace.needs.check.Need;
import dev.millrace.needs.plan.Plans;
import dev.millrace.needs.plan.Rebuilds;
import dev.millrace.needs.plan.SourceFacts;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.FileVault;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From a need and what is observed to the plan that should run. */
final class Planning {
  private static final String REBUILD = "rebuild";

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
   * What was planned once keeps its start and cutover; only a new pipeline, and one that is to
   * leave other content, asks Kafka. Such a one has a higher definition than the published, and
   * begins where that one began.
   *
   * @param shadow of a rebuild that is under way
   * @throws SourceFault only when Kafka is asked
   */
  PipelinePlan plan(
      DesiredSubscription desired, Optional<PipelinePlan> published, Optional<PipelinePlan> shadow)
      throws SourceFault {
    Optional<PipelinePlan> running = published.filter(plan -> plan.uid().equals(desired.uid()));
    String token = desired.need().requests().get(REBUILD);
    if (running.isEmpty()) {
      SourceFacts facts = desired.deleting() ? nothing() : source.facts(desired.need());
      return planned(desired, 1, facts, token);
    }
    PipelinePlan live = running.get();
    PipelinePlan same = planned(desired, live.definition(), factsOf(live), live.rebuild());
    boolean asked = token != null && !token.equals(live.rebuild());
    if (desired.deleting() || (Rebuilds.sameContent(same, live) && !asked)) {
      return same;
    }
    String reason = asked ? token : live.rebuild();
    long last = Math.max(live.definition(), shadow.map(PipelinePlan::definition).orElse(0L));
    PipelinePlan next = planned(desired, last + 1, factsOf(live), reason);
    return shadow.isPresent() && Rebuilds.builds(shadow.get(), next)
        ? planned(desired, shadow.get().definition(), factsOf(shadow.get()), reason)
        : planned(desired, last + 1, again(live, source.facts(desired.need())), reason);
  }

  private PipelinePlan planned(
      DesiredSubscription desired, long definition, SourceFacts facts, @Nullable String rebuild) {
    Need need = desired.need();
    return Wire.asRead(
        Plans.plan(
            need,
            desired.uid(),
            definition,
            facts,
            sites.place(site(need), hashKey(need)),
            Optional.ofNullable(rebuild)));
  }

  /** Where the plan that runs began, on the topic that it reads, up to the log's end of now. */
  private static SourceFacts again(PipelinePlan live, SourceFacts now) {
    SourceFacts before = factsOf(live);
    return new SourceFacts(
        before.topic(),
        before.topicId(),
        before.clusterId(),
        before.partitions(),
        before.start(),
        now.highWatermark(),
        before.until());
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
        plan.cutover(),
        Optional.ofNullable(plan.until()));
  }

  private static SourceFacts nothing() {
    return new SourceFacts("", "", "", 0, Map.of(), Map.of(), Optional.empty());
  }
}
