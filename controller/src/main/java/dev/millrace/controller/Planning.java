package dev.millrace.controller;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.plan.PipelinePlan.Loss;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.needs.check.Need;
import dev.millrace.needs.plan.Alterations;
import dev.millrace.needs.plan.Change;
import dev.millrace.needs.plan.Changes;
import dev.millrace.needs.plan.Losses;
import dev.millrace.needs.plan.Plans;
import dev.millrace.needs.plan.Rebuilds;
import dev.millrace.needs.plan.SourceFacts;
import dev.millrace.needs.reconcile.Board;
import dev.millrace.needs.reconcile.DesiredSubscription;
import dev.millrace.needs.reconcile.SchemaStanding;
import dev.millrace.needs.reconcile.Shadow;
import dev.millrace.stores.Engines;
import dev.millrace.stores.StoreDriver;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From a need and what is observed to the plan that should run. */
final class Planning {
  private static final String REBUILD = "rebuild";
  private static final String ACCEPT_LOSS = "acceptLoss";

  private final Board board;
  private final SourceObserver source;
  private final Engines engines;
  private final Sites sites;

  Planning(Board board, SourceObserver source, Engines engines, Sites sites) {
    this.board = board;
    this.source = source;
    this.engines = engines;
    this.sites = sites;
  }

  /**
   * @param plan that should run
   * @param schema how it stands to its product's
   */
  record Planned(PipelinePlan plan, SchemaStanding schema) {}

  /**
   * What was planned once keeps its start and cutover; only a new pipeline, and one that is to be
   * built anew, asks Kafka. One that is to leave other content has a higher definition than the
   * published; what is built anew begins where that one began.
   *
   * @param shadow of a rebuild that is under way
   * @param reports of the published plan's partitions
   * @throws SourceFault only when Kafka is asked
   * @throws StoreProblem StoreClassMissing
   */
  Planned plan(
      DesiredSubscription desired,
      Optional<PipelinePlan> published,
      Optional<Shadow> shadow,
      Map<Integer, PartitionReport> reports)
      throws SourceFault, StoreProblem {
    Optional<PipelinePlan> running = published.filter(plan -> plan.uid().equals(desired.uid()));
    if (running.isEmpty()) {
      SourceFacts facts = desired.deleting() ? nothing() : source.facts(desired.need());
      String token = desired.need().requests().get(REBUILD);
      PipelinePlan first = planned(desired, 1, facts, token, nothingLost(desired));
      return desired.misfits().isEmpty() ? fitting(first) : unfit(desired, first);
    }
    PipelinePlan live = running.get();
    Optional<Loss> loss = loss(desired, live, shadow, reports);
    PipelinePlan same = planned(desired, live.definition(), factsOf(live), live.rebuild(), loss);
    if (desired.deleting()) {
      return fitting(same);
    }
    PipelinePlan carried = Rebuilds.carrying(live, same).heldAt(null);
    if (!desired.misfits().isEmpty()) {
      return unfit(desired, carried);
    }
    Change change =
        Changes.of(live, same, desired.need(), isAsked(desired, live), driver(same)::widens);
    PipelinePlan plan =
        switch (change.way()) {
          case NONE -> Alterations.unaltered(live, same);
          case ALTER -> Alterations.wanted(live, same, change.columns());
          case REBUILD -> rebuilt(desired, live, shadow.map(Shadow::plan), loss, change.columns());
          case STOP -> carried.inState("Stopped");
        };
    return new Planned(
        plan, SchemaStanding.of(change, desired.need().product(), desired.need().onSchemaChange()));
  }

  private static boolean isAsked(DesiredSubscription desired, PipelinePlan live) {
    String token = desired.need().requests().get(REBUILD);
    return token != null && !token.equals(live.rebuild());
  }

  private PipelinePlan rebuilt(
      DesiredSubscription desired,
      PipelinePlan live,
      Optional<PipelinePlan> building,
      Optional<Loss> loss,
      List<PipelinePlan.Column> columns)
      throws SourceFault, StoreProblem {
    String reason =
        isAsked(desired, live) ? desired.need().requests().get(REBUILD) : live.rebuild();
    long last = Math.max(live.definition(), building.map(PipelinePlan::definition).orElse(0L));
    PipelinePlan next =
        Alterations.only(planned(desired, last + 1, factsOf(live), reason, loss), columns);
    PipelinePlan whole =
        building.isPresent() && Rebuilds.builds(building.get(), next)
            ? planned(desired, building.get().definition(), factsOf(building.get()), reason, loss)
            : planned(
                desired, last + 1, again(next, source.factsOfNow(desired.need())), reason, loss);
    return Alterations.only(whole, columns);
  }

  private static Planned fitting(PipelinePlan plan) {
    return new Planned(plan, SchemaStanding.FITS);
  }

  private static Planned unfit(DesiredSubscription desired, PipelinePlan plan) {
    return new Planned(
        plan.inState("Stopped"), SchemaStanding.unfit(desired.need().product(), desired.misfits()));
  }

  private StoreDriver driver(PipelinePlan plan) {
    return engines.driver(plan.target().engine()).orElseThrow();
  }

  /** A need that comes with a token has nothing to lose yet. */
  private static Optional<Loss> nothingLost(DesiredSubscription desired) {
    return Optional.ofNullable(desired.need().requests().get(ACCEPT_LOSS))
        .map(token -> new Loss(token, List.of()));
  }

  /** A token that was not honoured yet waits until it is known whether anything is lost. */
  private Optional<Loss> loss(
      DesiredSubscription desired,
      PipelinePlan live,
      Optional<Shadow> shadow,
      Map<Integer, PartitionReport> reports)
      throws SourceFault {
    Optional<Loss> before = Optional.ofNullable(live.loss());
    String token = desired.need().requests().get(ACCEPT_LOSS);
    if (desired.deleting()
        || token == null
        || before.filter(loss -> loss.token().equals(token)).isPresent()) {
      return before;
    }
    return Losses.accepted(
            token,
            live,
            reports,
            shadow.map(Shadow::plan),
            shadow.map(Shadow::reports).orElse(Map.of()),
            source.beginnings(live.source().topic(), live.start().keySet()),
            source.committedEnds(live.source().topic(), live.start().keySet()))
        .or(() -> before);
  }

  private PipelinePlan planned(
      DesiredSubscription desired,
      long definition,
      SourceFacts facts,
      @Nullable String rebuild,
      Optional<Loss> loss)
      throws StoreProblem {
    Need need = desired.need();
    return Wire.asRead(
        Plans.plan(
                need,
                desired.uid(),
                definition,
                facts,
                sites.place(site(need), hashKey(need)),
                Optional.ofNullable(rebuild))
            .losing(loss.orElse(null)));
  }

  /**
   * Where the plan that runs began, or behind what it lost, on the topic that it reads, up to the
   * log's end of now.
   */
  private static SourceFacts again(PipelinePlan plan, SourceFacts now) {
    SourceFacts before = factsOf(plan);
    return new SourceFacts(
        before.topic(),
        before.topicId(),
        before.clusterId(),
        before.partitions(),
        Losses.begins(plan),
        now.highWatermark(),
        now.at(),
        before.until());
  }

  private StoreSite site(Need need) throws StoreProblem {
    return sites.site(need.store(), storeSpec(board, need));
  }

  /**
   * The Store's own spec, or that of the Store this need brings along.
   *
   * @throws StoreProblem UnknownStore, of one that only goes
   */
  static StoreSpec storeSpec(Board board, Need need) throws StoreProblem {
    if (board.isRemoved(need.store())) {
      throw new StoreProblem(
          "UnknownStore",
          "the store " + need.store() + " has been removed, and is about to go",
          "Wait: what is wanted anew is made when it has gone.",
          true);
    }
    return board
        .store(need.store())
        .orElseGet(
            () -> new StoreSpec(need.newStoreClass().orElseThrow(), null, need.reclaimPolicy()));
  }

  private Optional<String> hashKey(Need need) {
    return need.columns().stream().anyMatch(column -> column.mask().equals("Hash"))
        ? Optional.of(sites.hashKey(need.subscription().tenant()))
        : Optional.empty();
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
        plan.since(),
        Optional.ofNullable(plan.until()));
  }

  private static SourceFacts nothing() {
    return new SourceFacts("", "", "", 0, Map.of(), Map.of(), null, Optional.empty());
  }
}
