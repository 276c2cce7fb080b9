package dev.millrace.needs.reconcile;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Condition;
import dev.millrace.api.status.PartitionReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One subscription as a controller sees it at one moment.
 *
 * @param generation of the spec that was looked at
 * @param deleting deletion was asked for
 * @param published the plan that workers have, from {@code millrace.definitions}
 * @param wanted the plan that should be there; empty while {@code fault} prevents it
 * @param credentials the reader's login is kept
 * @param reports of the published plan's partitions, as far as workers sent any
 * @param before the conditions reported last
 * @param fault what went wrong in the step tried last
 * @param shadow what builds the content anew, if something does
 * @param schema what the product's schema of now has to say to it
 */
public record Observed(
    long generation,
    boolean deleting,
    Optional<PipelinePlan> published,
    Optional<PipelinePlan> wanted,
    boolean credentials,
    Map<Integer, PartitionReport> reports,
    List<Condition> before,
    Optional<Fault> fault,
    Optional<Shadow> shadow,
    SchemaStanding schema) {

  private static final Duration CLOSE = Duration.ofSeconds(5);

  public Observed {
    reports = Map.copyOf(reports);
    before = List.copyOf(before);
  }

  Optional<Condition> condition(String type) {
    return before.stream().filter(condition -> condition.type().equals(type)).findFirst();
  }

  /** With a schema that fits. */
  public Observed(
      long generation,
      boolean deleting,
      Optional<PipelinePlan> published,
      Optional<PipelinePlan> wanted,
      boolean credentials,
      Map<Integer, PartitionReport> reports,
      List<Condition> before,
      Optional<Fault> fault,
      Optional<Shadow> shadow) {
    this(
        generation,
        deleting,
        published,
        wanted,
        credentials,
        reports,
        before,
        fault,
        shadow,
        SchemaStanding.FITS);
  }

  /** Without a shadow. */
  public Observed(
      long generation,
      boolean deleting,
      Optional<PipelinePlan> published,
      Optional<PipelinePlan> wanted,
      boolean credentials,
      Map<Integer, PartitionReport> reports,
      List<Condition> before,
      Optional<Fault> fault) {
    this(
        generation,
        deleting,
        published,
        wanted,
        credentials,
        reports,
        before,
        fault,
        Optional.empty());
  }

  /** Ready was proven, for this definition or one before it, which was complete too. */
  boolean ready() {
    return sameSubscription()
        && condition(Condition.Types.READY).map(Condition::isTrue).orElse(false);
  }

  /** What runs belongs to the subscription that is wanted, not to an earlier one of its name. */
  boolean sameSubscription() {
    return published.isPresent()
        && wanted.map(plan -> plan.uid().equals(published.get().uid())).orElse(true);
  }

  /** What runs is what is wanted, whatever may differ in how it runs. */
  boolean samePipeline() {
    return sameSubscription()
        && wanted
            .map(plan -> plan.definition() == published.orElseThrow().definition())
            .orElse(true);
  }

  /** The published plan already writes where it should, so nothing new has to be made. */
  boolean sameTarget() {
    return published.isPresent()
        && wanted.isPresent()
        && samePipeline()
        && published.get().target().equals(wanted.get().target());
  }

  /**
   * Every partition says that its position, safe from a crash of the store, passed the cutover, and
   * that it keeps up with the log's end, or is at its own.
   */
  boolean historyReported() {
    return published.map(plan -> historyReported(plan, reports)).orElse(false);
  }

  static boolean historyReported(PipelinePlan plan, Map<Integer, PartitionReport> reports) {
    return plan.cutover().entrySet().stream()
        .allMatch(cut ->
            report(plan, reports, cut.getKey())
                .filter(report -> report.flushed() >= cut.getValue())
                .map(Observed::caughtUp)
                .orElse(false));
  }

  /** The published plan's pipeline has gone past one of these offsets, for all that is known. */
  boolean isBeyond(Map<Integer, Long> offsets) {
    return published
        .map(plan ->
            offsets.entrySet().stream()
                .anyMatch(at ->
                    report(plan, reports, at.getKey())
                        .map(report -> report.position() > at.getValue())
                        .orElse(false)))
        .orElse(false);
  }

  /**
   * The store says that it was set back to before columns were added or widened: then that can be
   * done again. To before a rebuild it cannot.
   */
  boolean isSetBack() {
    return published
        .filter(plan -> plan.builtAt() < plan.definition())
        .map(plan ->
            plan.start().keySet().stream()
                .anyMatch(partition ->
                    report(plan, reports, partition)
                        .filter(report -> "DefinitionBehind".equals(report.reason()))
                        .isPresent()))
        .orElse(false);
  }

  /** Every partition has passed its cutover, flushed or not. */
  boolean cutoverPassed() {
    return published
        .map(plan ->
            plan.cutover().entrySet().stream()
                .allMatch(cut ->
                    report(plan, reports, cut.getKey())
                        .map(report -> report.position() >= cut.getValue())
                        .orElse(false)))
        .orElse(false);
  }

  /** The published plan has an end, and every partition has come to it, safe from a crash. */
  boolean isFinished() {
    return published
        .filter(plan -> plan.until() != null)
        .map(plan ->
            plan.until().entrySet().stream()
                .allMatch(end ->
                    report(plan, reports, end.getKey())
                        .map(report -> report.flushed() >= end.getValue())
                        .orElse(false)))
        .orElse(false);
  }

  boolean allCaughtUp() {
    return published
        .map(plan ->
            plan.start().keySet().stream()
                .allMatch(partition ->
                    report(plan, reports, partition).map(Observed::caughtUp).orElse(false)))
        .orElse(false);
  }

  /** At the log's end or its own, or no more than a few seconds of events behind it. */
  private static boolean caughtUp(PartitionReport report) {
    return report.position() >= report.endOffset()
        || report.phase().equals("Finished")
        || (report.lastEventTime() != null
            && Duration.between(report.lastEventTime(), report.at()).compareTo(CLOSE) <= 0);
  }

  private static Optional<PartitionReport> report(
      PipelinePlan plan, Map<Integer, PartitionReport> reports, int partition) {
    return Optional.ofNullable(reports.get(partition))
        .filter(report -> report.definition() == plan.definition());
  }
}
