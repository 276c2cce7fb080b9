package dev.millrace.catalog.ask;

import dev.millrace.api.Json;
import dev.millrace.api.ask.Answer;
import dev.millrace.api.ask.Ask;
import dev.millrace.api.ask.Explanation;
import dev.millrace.api.ask.Measurement;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.catalog.control.Provisioning;
import dev.millrace.catalog.problem.Refusal;
import dev.millrace.catalog.progress.Positions;
import dev.millrace.needs.explain.PlannedWork;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Explains pipelines: what a plan makes a worker do is told from the plan alone; what was measured
 * is asked of every worker that has reported of it.
 */
@Singleton
final class Explanations {
  private static final Set<String> AT_WORK = Set.of("Preloading", "Live", "Retrying");

  private final Questions questions;
  private final Positions positions;
  private final Provisioning provisioning;

  @Inject
  Explanations(Questions questions, Positions positions, Provisioning provisioning) {
    this.questions = questions;
    this.positions = positions;
    this.provisioning = provisioning;
  }

  /** Blocks only until the workers are asked, if there are any to ask. */
  CompletableFuture<Explanation> of(PipelinePlan plan, String actor) {
    List<PartitionReport> reports = positions.reports(plan);
    Set<String> workers =
        reports.stream()
            .filter(report -> plan.state().equals("Running") && AT_WORK.contains(report.phase()))
            .map(PartitionReport::worker)
            .collect(Collectors.toSet());
    return heard(plan, actor, workers).thenApply(heard -> explained(plan, reports, heard));
  }

  /** By worker, within the patience that a person has; those that do not answer are left out. */
  private CompletableFuture<Map<String, List<Measurement>>> heard(
      PipelinePlan plan, String actor, Set<String> workers) {
    Map<String, List<Measurement>> heard = new ConcurrentHashMap<>();
    if (workers.isEmpty()) {
      return CompletableFuture.completedFuture(heard);
    }
    Ask ask =
        new Ask(
            UUID.randomUUID().toString(),
            plan.subscription(),
            "Explain",
            1,
            null,
            actor,
            Instant.now().plus(questions.patience()));
    CompletableFuture<Map<String, List<Measurement>>> all = new CompletableFuture<>();
    try {
      questions.follow(
          ask,
          answer -> {
            if (answer.worker() != null) {
              heard.put(answer.worker(), measurements(answer));
            }
            if (heard.keySet().containsAll(workers)) {
              all.complete(heard);
            }
          });
    } catch (Refusal silent) {
      return CompletableFuture.completedFuture(heard);
    }
    return all.completeOnTimeout(heard, questions.patience().toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((found, failure) -> questions.forget(ask.id()));
  }

  private static List<Measurement> measurements(Answer answer) {
    return answer.entries().stream()
        .map(entry -> Json.LENIENT.convertValue(entry, Measurement.class))
        .toList();
  }

  private Explanation explained(
      PipelinePlan plan, List<PartitionReport> reports, Map<String, List<Measurement>> heard) {
    PlannedWork work = PlannedWork.of(plan);
    List<Measurement> measured = heard.values().stream().flatMap(List::stream).toList();
    List<Explanation.Unmeasured> unmeasured =
        new Gaps(plan, reports, heard.keySet(), questions.patience()).beside(measured);
    return new Explanation(
        Verdict.of(measured, unmeasured, work.expressions()),
        plan.definition(),
        plan.state(),
        work.fields(),
        work.expressions(),
        work.deletesWhatLeaves(),
        plan.target().engine(),
        plan.mode(),
        provisioning.ways(plan.target().engine()),
        measured,
        unmeasured);
  }
}
