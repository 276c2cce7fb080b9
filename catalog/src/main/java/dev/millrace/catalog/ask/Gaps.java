package dev.millrace.catalog.ask;

import dev.millrace.api.ask.Explanation.Unmeasured;
import dev.millrace.api.ask.Measurement;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.PartitionReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The partitions of which no worker has a measure, and why. */
final class Gaps {
  private final PipelinePlan plan;
  private final Map<Integer, PartitionReport> reports;
  private final Set<String> heard;
  private final Duration patience;

  /**
   * @param heard the workers that answered
   */
  Gaps(
      PipelinePlan plan,
      Collection<PartitionReport> reports,
      Set<String> heard,
      Duration patience) {
    this.plan = plan;
    this.reports =
        reports.stream()
            .collect(
                Collectors.toMap(PartitionReport::partition, Function.identity(), (a, b) -> b));
    this.heard = heard;
    this.patience = patience;
  }

  /** Why there is nothing to tell. */
  private record Reason(@Nullable String worker, @Nullable String code, String message) {}

  /** Partitions with the same reason are told together. */
  List<Unmeasured> beside(List<Measurement> measured) {
    Set<Integer> missing = new TreeSet<>(plan.start().keySet());
    measured.forEach(
        each -> each.partitions().forEach(partition -> missing.remove(partition.partition())));
    Map<Reason, List<Integer>> byReason = new LinkedHashMap<>();
    missing.forEach(partition ->
        byReason.computeIfAbsent(reason(partition), none -> new ArrayList<>()).add(partition));
    return byReason.entrySet().stream()
        .map(each ->
            new Unmeasured(
                each.getValue(),
                each.getKey().worker(),
                each.getKey().code(),
                each.getKey().message()))
        .toList();
  }

  private Reason reason(int partition) {
    PartitionReport report = reports.get(partition);
    String worker = report == null ? null : report.worker();
    if (!plan.state().equals("Running")) {
      return new Reason(
          null,
          null,
          "It is " + plan.state().toLowerCase(Locale.ROOT) + ": nothing is read or written.");
    }
    if (report == null) {
      return new Reason(
          null,
          "WorkerSilent",
          "No worker has reported of it: look whether one runs (./millrace worker).");
    }
    if (report.reason() != null) {
      return new Reason(worker, report.reason(), String.valueOf(report.message()));
    }
    return switch (report.phase()) {
      case "Finished" -> new Reason(worker, null, "All up to its end is written.");
      case "Paused" -> new Reason(worker, null, "It is taken up again after a pause.");
      case "Stopped" -> new Reason(worker, null, "It stands because another partition does.");
      default -> atWork(report);
    };
  }

  private Reason atWork(PartitionReport report) {
    return heard.contains(report.worker())
        ? new Reason(
            report.worker(),
            null,
            "The worker holds no store of it at this moment: it is opening or closing one.")
        : new Reason(
            report.worker(),
            "WorkerSilent",
            "The worker "
                + report.worker()
                + " did not answer within "
                + patience.toSeconds()
                + " s: look whether it runs.");
  }
}
