package dev.millrace.controller;

import dev.millrace.api.ask.Explanation.WriteWay;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.problem.Finding;
import dev.millrace.needs.check.Need;
import dev.millrace.needs.plan.Place;
import dev.millrace.needs.plan.Plans;
import dev.millrace.needs.plan.SourceFacts;
import dev.millrace.stores.Engines;
import dev.millrace.stores.StoreDriver;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an engine says of a need before anything is made for it. Pure. */
public final class Drafts {
  private final Engines engines;

  public Drafts(Engines engines) {
    this.engines = engines;
  }

  /**
   * What the engine cannot do of it: names too long, types it lacks.
   *
   * @return with pointers as in {@code /spec/store/table/name}
   */
  public List<Finding> check(Need need) {
    return driver(need.engine()).check(draft(need));
  }

  /** The statements that would be run in the store. */
  public String describe(Need need) {
    return driver(need.engine()).describe(draft(need));
  }

  /** How a batch may be written to a store of this engine. */
  public List<WriteWay> ways(String engine) {
    return driver(engine).ways();
  }

  /** A plan as far as the need alone tells; nothing is asked, made up or kept for it. */
  private static PipelinePlan draft(Need need) {
    SourceFacts nothing =
        new SourceFacts("", "", "", 0, Map.of(), Map.of(), null, Optional.empty());
    Place somewhere =
        new Place(
            need.store(), "", 0, Sites.databaseName(need.store()), "disable", "", Optional.empty());
    return Plans.plan(need, "", 1, nothing, somewhere, Optional.empty());
  }

  private StoreDriver driver(String engine) {
    return engines.driver(engine).orElseThrow();
  }
}
