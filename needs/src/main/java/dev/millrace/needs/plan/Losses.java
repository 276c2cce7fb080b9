package dev.millrace.needs.plan;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.plan.PipelinePlan.Gap;
import dev.millrace.api.plan.PipelinePlan.Loss;
import dev.millrace.api.status.PartitionReport;
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

  /**
   * What is accepted once this token is honoured.
   *
   * @param reports of the running plan's partitions, as far as workers sent any
   * @param shadow of a rebuild that is under way; what it stands before is accepted likewise
   * @param begins where the log of each partition begins now
   * @return empty as long as nobody can say whether anything is lost
   */
  public static Optional<Loss> accepted(
      String token,
      PipelinePlan live,
      Map<Integer, PartitionReport> reports,
      Optional<PipelinePlan> shadow,
      Map<Integer, PartitionReport> shadowReports,
      Map<Integer, Long> begins) {
    List<Gap> lost = new ArrayList<>(lost(live, reports.values(), begins));
    shadow.ifPresent(plan -> lost.addAll(lost(plan, shadowReports.values(), begins)));
    boolean nothing =
        live.start().keySet().stream()
            .allMatch(partition ->
                Optional.ofNullable(reports.get(partition))
                    .filter(report -> report.definition() == live.definition())
                    .filter(report -> report.position() >= begins.getOrDefault(partition, 0L))
                    .isPresent());
    return lost.isEmpty() && !nothing
        ? Optional.empty()
        : Optional.of(new Loss(token, with(gaps(live), lost)));
  }

  /** Of a pipeline that stands before a loss, all that its partitions stand before. */
  private static List<Gap> lost(
      PipelinePlan plan, Collection<PartitionReport> reports, Map<Integer, Long> begins) {
    List<PartitionReport> stopped =
        reports.stream()
            .filter(report -> report.definition() == plan.definition())
            .filter(report -> report.phase().equals("Stopped"))
            .toList();
    return stopped.stream().noneMatch(report -> LOST.equals(report.reason()))
        ? List.of()
        : stopped.stream()
            .map(report ->
                new Gap(
                    report.partition(),
                    report.position(),
                    begins.getOrDefault(report.partition(), 0L)))
            .filter(gap -> gap.from() < gap.to())
            .toList();
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

  /** Empty when nothing was ever accepted. */
  public static Optional<String> sentence(PipelinePlan plan) {
    List<Gap> gaps = gaps(plan);
    if (gaps.isEmpty()) {
      return Optional.empty();
    }
    Stream<String> some =
        gaps.stream()
            .limit(3)
            .map(gap -> gap.from() + " to " + (gap.to() - 1) + " of partition " + gap.partition());
    String more = gaps.size() > 3 ? " and in " + (gaps.size() - 3) + " more places" : "";
    return Optional.of(
        "Offsets "
            + String.join(", ", some.toList())
            + more
            + " left the log before they were applied; going on without them was accepted.");
  }

  public static List<Gap> gaps(PipelinePlan plan) {
    return plan.loss() == null ? List.of() : plan.loss().gaps();
  }
}
