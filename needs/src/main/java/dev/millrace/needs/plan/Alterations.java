package dev.millrace.needs.plan;

import dev.millrace.api.plan.PipelinePlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The plans of an alteration: a store takes on more columns, or wider ones, where it is, and keeps
 * its rows. What the row of an event looks like follows from the plan and the event's place alone:
 * each column says since when it is so, and what it was before. So whoever reads the log again,
 * after a rewind, for a correction or to compare, gets the rows that were there. Pure.
 */
public final class Alterations {
  private static final String SINCE = "since";

  private Alterations() {}

  /** Whether the store of what runs has to be altered for it. */
  public static boolean alters(PipelinePlan wanted, PipelinePlan live) {
    return wanted.definition() > live.definition() && wanted.builtAt() == live.builtAt();
  }

  /** What is wanted, leaving what is there: with the columns of the plan that runs. */
  public static PipelinePlan unaltered(PipelinePlan live, PipelinePlan wanted) {
    return with(wanted, live.definition(), live.columns(), live.builtAt());
  }

  /** What is wanted, for the store that runs to be altered for it. */
  public static PipelinePlan wanted(
      PipelinePlan live, PipelinePlan wanted, List<PipelinePlan.Column> columns) {
    return with(wanted, live.definition() + 1, columns, live.builtAt());
  }

  /** The plan with these columns alone, as if they had always been so. */
  public static PipelinePlan only(PipelinePlan plan, List<PipelinePlan.Column> columns) {
    return with(plan, plan.definition(), columns, plan.builtAt());
  }

  /**
   * What runs once the store was altered: columns that are new or wider are so from here on, and
   * come behind the others.
   *
   * @param at offsets that nobody has gone beyond
   */
  public static PipelinePlan altered(
      PipelinePlan live, PipelinePlan wanted, Map<Integer, Long> at) {
    Map<String, PipelinePlan.Column> left = new LinkedHashMap<>();
    wanted.columns().forEach(column -> left.put(column.name(), column));
    List<PipelinePlan.Column> columns = new ArrayList<>();
    for (PipelinePlan.Column was : live.columns()) {
      PipelinePlan.Column is = left.remove(was.name());
      boolean same = is == null || is.always().equals(was.always());
      columns.add(same ? was : is.always().since(at, was));
    }
    left.values().forEach(added -> columns.add(added.always().since(at, null)));
    return with(wanted, live.definition() + 1, columns, live.builtAt());
  }

  /** For each partition the offset from which all columns are what they are now. */
  public static Map<Integer, Long> settled(PipelinePlan plan) {
    Map<Integer, Long> settled = new TreeMap<>();
    for (PipelinePlan.Column column : plan.columns()) {
      if (column.since() != null) {
        column.since().forEach((partition, offset) -> settled.merge(partition, offset, Math::max));
      }
    }
    return settled;
  }

  /**
   * Where a store's cursors may stand at most for it to be altered to this plan: where the pipeline
   * is held for that, or, of a store that was set back, where its columns are all what they are.
   * The hold counts also where nobody wants more columns any more: they may be wanted again under
   * the same definition before anybody has heard of it.
   */
  public static Map<Integer, Long> nobodyBeyond(PipelinePlan plan) {
    return plan.holdAt() == null ? settled(plan) : plan.holdAt();
  }

  private static PipelinePlan with(
      PipelinePlan of, long definition, List<PipelinePlan.Column> columns, long builtAt) {
    boolean since = columns.stream().anyMatch(column -> column.since() != null);
    Stream<String> others = of.requires().stream().filter(feature -> !feature.equals(SINCE));
    return of.with(
        definition,
        Stream.concat(others, since ? Stream.of(SINCE) : Stream.empty()).toList(),
        columns,
        builtAt == definition ? null : builtAt);
  }
}
