package dev.millrace.operator.subscription;

import dev.millrace.api.status.Condition;
import dev.millrace.api.status.SubscriptionStatus;
import dev.millrace.api.status.SubscriptionStatus.Progress;
import dev.millrace.api.status.SubscriptionStatus.Rebuild;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which differences between two statuses are worth a write. */
final class Statuses {
  private Statuses() {}

  static SubscriptionStatus with(SubscriptionStatus status, Optional<Progress> progress) {
    return of(status, status.conditions(), progress.orElse(null), status.rebuild());
  }

  static SubscriptionStatus with(SubscriptionStatus status, List<Condition> conditions) {
    return of(status, conditions, status.progress(), status.rebuild());
  }

  /** Without what changes while nothing turns: words, numbers, times. */
  static SubscriptionStatus essence(SubscriptionStatus status) {
    Rebuild rebuild = status.rebuild();
    return of(
        status,
        Optional.ofNullable(status.conditions()).orElse(List.of()).stream()
            .map(Statuses::essence)
            .toList(),
        null,
        rebuild == null
            ? null
            : new Rebuild(rebuild.phase(), rebuild.definition(), 0, rebuild.reason(), null));
  }

  private static Condition essence(Condition condition) {
    return new Condition(
        condition.type(),
        condition.status(),
        condition.reason(),
        "",
        condition.observedGeneration(),
        Instant.EPOCH);
  }

  /** An age grows by itself: who stands still would be written for ever. */
  static boolean isSame(SubscriptionStatus one, SubscriptionStatus other) {
    return ageless(one).equals(ageless(other));
  }

  private static SubscriptionStatus ageless(SubscriptionStatus status) {
    Progress progress = status.progress();
    return progress == null
        ? status
        : with(
            status,
            Optional.of(
                new Progress(
                    progress.percent(),
                    progress.etaSeconds(),
                    progress.eventsPerSecond(),
                    progress.lagEvents(),
                    0,
                    progress.counts())));
  }

  static boolean isMoving(SubscriptionStatus status) {
    Progress progress = status.progress();
    return progress != null && (progress.eventsPerSecond() > 0 || progress.etaSeconds() != null);
  }

  private static SubscriptionStatus of(
      SubscriptionStatus status,
      @Nullable List<Condition> conditions,
      @Nullable Progress progress,
      @Nullable Rebuild rebuild) {
    return new SubscriptionStatus(
        status.phase(),
        status.observedGeneration(),
        conditions,
        status.store(),
        progress,
        null,
        status.honoured(),
        rebuild,
        status.lost());
  }
}
