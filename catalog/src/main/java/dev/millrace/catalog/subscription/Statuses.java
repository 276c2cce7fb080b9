package dev.millrace.catalog.subscription;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.SubscriptionStatus;
import dev.millrace.catalog.journal.Journal;
import dev.millrace.catalog.journal.LastReports;
import dev.millrace.catalog.progress.Positions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** What the controller and the workers say, put together. */
@Singleton
public final class Statuses {
  private final LastReports<SubscriptionStatus> reports;
  private final LastReports<PipelinePlan> plans;
  private final Positions positions;

  @Inject
  Statuses(Journal journal, Positions positions) {
    this.reports = journal.reports("subscription", SubscriptionStatus.class);
    this.plans = journal.reports("plan", PipelinePlan.class);
    this.positions = positions;
  }

  /** What the controller reported last. */
  public Optional<SubscriptionStatus> reported(ObjectKey key) {
    return reports.find(key);
  }

  public void report(ObjectKey key, SubscriptionStatus status) {
    reports.put(key, status);
  }

  /** The plan that workers have, if it is this subscription's and not that of one before it. */
  public Optional<PipelinePlan> plan(Subscription subscription) {
    return plans.find(subscription.key()).filter(plan -> plan.uid().equals(subscription.uid()));
  }

  public void bound(ObjectKey key, PipelinePlan plan) {
    plans.put(key, plan);
  }

  /** What was reported of one that has gone. A plan of another of its name stays. */
  public void forget(ObjectKey key, String uid) {
    reports.forget(key);
    plans.find(key).filter(plan -> plan.uid().equals(uid)).ifPresent(plan -> plans.forget(key));
  }

  /** Workers have none of it any more. */
  public void unbound(ObjectKey key) {
    plans.forget(key);
  }

  public void forget(ObjectKey key) {
    reports.forget(key);
    plans.forget(key);
  }

  SubscriptionStatus of(Subscription subscription) {
    Optional<SubscriptionStatus> reported = reports.find(subscription.key());
    Optional<PipelinePlan> plan = plan(subscription);
    return new SubscriptionStatus(
        phase(subscription),
        reported.map(SubscriptionStatus::observedGeneration).orElse(null),
        reported.map(SubscriptionStatus::conditions).orElse(List.of()),
        reported.map(SubscriptionStatus::store).orElse(null),
        plan.flatMap(p -> positions.progress(p, Clock.systemUTC().instant())).orElse(null),
        plan.map(positions::reports).orElse(List.of()),
        reported.map(SubscriptionStatus::honoured).orElse(null),
        reported.map(SubscriptionStatus::rebuild).orElse(null),
        reported.map(SubscriptionStatus::lost).orElse(null));
  }

  String phase(Subscription subscription) {
    return subscription.isDeleting()
        ? "Deleting"
        : reported(subscription.key()).map(SubscriptionStatus::phase).orElse("Pending");
  }
}
