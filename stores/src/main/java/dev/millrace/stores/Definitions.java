package dev.millrace.stores;

import dev.millrace.api.plan.PipelinePlan;

/** A plan may write only into a store of its own definition. */
public final class Definitions {
  private Definitions() {}

  /**
   * @param stands the definition that a cursor in the store has
   * @throws StoreProblem {@code Fenced} (transient) when the store has gone on to a newer one,
   *     {@code DefinitionBehind} when it was set back to an older one
   */
  public static void require(PipelinePlan plan, long stands) throws StoreProblem {
    refuseNewer(plan, stands);
    if (stands < plan.builtAt()) {
      throw behind(
          plan,
          stands,
          "a rebuild",
          "Restore it to a moment after the rebuild, or delete the subscription and ask again.");
    }
    if (stands < plan.definition()) {
      throw behind(
          plan,
          stands,
          "columns were added or widened",
          "Nothing: the controller alters it again, within seconds.");
    }
  }

  /**
   * The store can be altered to this plan.
   *
   * @throws StoreProblem {@code Fenced} (transient) when it is at a newer definition, {@code
   *     DefinitionBehind} when it was set back to before the plan's content was built
   */
  public static void requireAlterable(PipelinePlan plan, long stands) throws StoreProblem {
    refuseNewer(plan, stands);
    if (stands < plan.builtAt()) {
      require(plan, stands);
    }
  }

  /** A pipeline has gone beyond the place since when columns are to be what they are. */
  public static StoreProblem alterBehind(PipelinePlan plan, int partition, long offset) {
    return new StoreProblem(
        "AlterBehind",
        "partition "
            + partition
            + " of "
            + plan.subscription()
            + " stands at "
            + offset
            + " already, and columns were to be added or widened before that",
        "Nothing: it is tried again at a later place.",
        true);
  }

  /** A worker that had not heard of the columns went on in a store set back to before them. */
  public static StoreProblem wentOnWithout(PipelinePlan plan, StoreProblem alterBehind) {
    return new StoreProblem(
        "DefinitionBehind",
        "the store of "
            + plan.subscription()
            + " was set back to before columns were added or widened, and events were applied"
            + " without them: "
            + alterBehind.getMessage(),
        "Restore a later moment of the store, or ask again; see the page of DefinitionBehind.",
        false);
  }

  private static StoreProblem behind(PipelinePlan plan, long stands, String before, String remedy) {
    return new StoreProblem(
        "DefinitionBehind",
        stands(plan, stands)
            + ", and "
            + plan.definition()
            + " runs: it was set back to before "
            + before,
        remedy,
        false);
  }

  /**
   * @param stands the definition that a cursor in the store has
   * @throws StoreProblem {@code Fenced} (transient) when it is newer than the plan's
   */
  public static void refuseNewer(PipelinePlan plan, long stands) throws StoreProblem {
    if (stands > plan.definition()) {
      throw new StoreProblem(
          "Fenced",
          stands(plan, stands) + ", which is newer than " + plan.definition(),
          "Nothing: whoever has the older one hears of the newer within seconds.",
          true);
    }
  }

  private static String stands(PipelinePlan plan, long stands) {
    return "the store is at definition " + stands + " of " + plan.subscription();
  }
}
