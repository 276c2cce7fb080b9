package dev.millrace.needs.plan;

import static java.util.stream.Collectors.joining;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.plan.PipelinePlan.Gap;
import dev.millrace.api.plan.PipelinePlan.Loss;
import dev.millrace.api.plan.PipelinePlan.Thinned;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.api.status.SubscriptionStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Going on behind events that left the log before they were applied, because somebody chose to.
 * What is accepted are certain offsets: what is lost before or behind them is another loss. Pure.
 */
public final class Losses {
  private static final String LOST = "HistoryLost";
  private static final String COMPACTED = "HistoryCompacted";
  private static final int MOST_NAMED = 3;

  private Losses() {}

  /** Where a pipeline that stands at this offset goes on: there, or behind what was accepted. */
  public static long behind(PipelinePlan plan, int partition, long offset) {
    long at = offset;
    for (Gap gap : gaps(plan)) {
      if (gap.partition() == partition && gap.from() <= at && at < gap.to()) {
        at = gap.to();
      }
    }
    return at;
  }

  /** It stands in a gap or right behind one: the record before it has left the log. */
  public static boolean isIn(PipelinePlan plan, int partition, long offset) {
    return gaps(plan).stream()
        .anyMatch(
            gap -> gap.partition() == partition && gap.from() <= offset && offset <= gap.to());
  }

  /** What compaction took from here on was accepted, for what this plan writes. */
  public static boolean isThinned(PipelinePlan plan, int partition, long offset) {
    return thinned(plan).stream()
        .anyMatch(part ->
            part.partition() == partition
                && part.definition() == plan.definition()
                && part.from() <= offset
                && offset < part.to());
  }

  /**
   * What is accepted once this token is honoured.
   *
   * @param reports of the running plan's partitions, as far as workers sent any
   * @param shadow of a rebuild that is under way; what it stands before is accepted likewise
   * @param begins where the log of each partition begins now
   * @param ends where it ends
   * @return empty as long as nobody can say whether anything is lost
   */
  public static Optional<Loss> accepted(
      String token,
      PipelinePlan live,
      Map<Integer, PartitionReport> reports,
      Optional<PipelinePlan> shadow,
      Map<Integer, PartitionReport> shadowReports,
      Map<Integer, Long> begins,
      Map<Integer, Long> ends) {
    List<Gap> lost = new ArrayList<>(lost(live, reports.values(), begins));
    List<Thinned> thinned = new ArrayList<>(thinned(live, reports.values(), ends));
    shadow.ifPresent(plan -> {
      lost.addAll(lost(plan, shadowReports.values(), begins));
      thinned.addAll(thinned(plan, shadowReports.values(), ends));
    });
    boolean nothing =
        live.start().keySet().stream()
            .allMatch(partition ->
                Optional.ofNullable(reports.get(partition))
                    .filter(report -> report.definition() == live.definition())
                    .filter(report -> report.position() >= begins.getOrDefault(partition, 0L))
                    .isPresent());
    return lost.isEmpty() && thinned.isEmpty() && !nothing
        ? Optional.empty()
        : Optional.of(
            new Loss(
                token,
                with(gaps(live), lost),
                Stream.concat(thinned(live).stream(), thinned.stream()).toList()));
  }

  /** Of a pipeline that stands before a loss, all that its partitions stand before. */
  private static List<Gap> lost(
      PipelinePlan plan, Collection<PartitionReport> reports, Map<Integer, Long> begins) {
    return stopped(plan, reports, LOST).stream()
        .map(report ->
            new Gap(
                report.partition(), report.position(), begins.getOrDefault(report.partition(), 0L)))
        .filter(gap -> gap.from() < gap.to())
        .toList();
  }

  private static List<Thinned> thinned(
      PipelinePlan plan, Collection<PartitionReport> reports, Map<Integer, Long> ends) {
    return stopped(plan, reports, COMPACTED).stream()
        .map(report ->
            new Thinned(
                report.partition(),
                report.position(),
                ends.getOrDefault(report.partition(), 0L),
                plan.definition()))
        .filter(part -> part.from() < part.to())
        .toList();
  }

  /** All that stop where one of them does for this reason; none where none does. */
  private static List<PartitionReport> stopped(
      PipelinePlan plan, Collection<PartitionReport> reports, String reason) {
    List<PartitionReport> stopped =
        reports.stream()
            .filter(report -> report.definition() == plan.definition())
            .filter(report -> report.phase().equals("Stopped"))
            .toList();
    return stopped.stream().anyMatch(report -> reason.equals(report.reason()))
        ? stopped
        : List.of();
  }

  private static List<Gap> with(List<Gap> before, List<Gap> more) {
    List<Gap> all = new ArrayList<>(before);
    for (Gap gap : more) {
      if (all.stream().noneMatch(other -> covers(other, gap))) {
        all.removeIf(other -> covers(gap, other));
        all.add(gap);
      }
    }
    all.sort(Comparator.comparingInt(Gap::partition).thenComparingLong(Gap::from));
    return List.copyOf(all);
  }

  private static boolean covers(Gap one, Gap other) {
    return one.partition() == other.partition()
        && one.from() <= other.from()
        && other.to() <= one.to();
  }

  /** A rebuild begins behind all that was lost, for before it there is nothing whole to be had. */
  public static Map<Integer, Long> begins(PipelinePlan plan) {
    Map<Integer, Long> begins = new HashMap<>(plan.start());
    gaps(plan).forEach(gap -> begins.merge(gap.partition(), gap.to(), Math::max));
    return begins;
  }

  /** All that was accepted and is not made good. */
  public static List<SubscriptionStatus.Lost> all(PipelinePlan plan) {
    return Stream.concat(
            gaps(plan).stream().map(gap -> lost(gap.partition(), gap.from(), gap.to(), LOST)),
            thinned(plan).stream()
                .filter(part -> part.definition() == plan.definition())
                .map(part -> lost(part.partition(), part.from(), part.to(), COMPACTED)))
        .toList();
  }

  private static SubscriptionStatus.Lost lost(int partition, long from, long to, String reason) {
    return new SubscriptionStatus.Lost(partition, from, to, to - from, reason);
  }

  /** The same for people; empty when there is nothing. */
  public static Optional<String> sentence(PipelinePlan plan) {
    List<SubscriptionStatus.Lost> all = all(plan);
    if (all.isEmpty()) {
      return Optional.empty();
    }
    String some = all.stream().limit(MOST_NAMED).map(Losses::words).collect(joining(", "));
    String more =
        all.size() > MOST_NAMED ? " and in " + (all.size() - MOST_NAMED) + " more places" : "";
    return Optional.of(
        "Offsets "
            + some
            + more
            + " left the log before they were applied; going on without them was accepted.");
  }

  private static String words(SubscriptionStatus.Lost lost) {
    return (lost.reason().equals(COMPACTED) ? "that were compacted of " : "")
        + lost.from()
        + " to "
        + (lost.to() - 1)
        + " of partition "
        + lost.partition();
  }

  private static List<Gap> gaps(PipelinePlan plan) {
    return plan.loss() == null ? List.of() : plan.loss().gaps();
  }

  private static List<Thinned> thinned(PipelinePlan plan) {
    return plan.loss() == null ? List.of() : plan.loss().thinned();
  }
}
