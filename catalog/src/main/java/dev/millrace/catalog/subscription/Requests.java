package dev.millrace.catalog.subscription;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.problem.Finding;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import dev.millrace.catalog.access.Caller;
import dev.millrace.catalog.control.Provisioning;
import dev.millrace.catalog.document.Incoming;
import dev.millrace.catalog.document.Versions;
import dev.millrace.catalog.journal.ChangedMeanwhile;
import dev.millrace.catalog.problem.Refusal;
import dev.millrace.needs.check.Checked;
import dev.millrace.needs.check.Need;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** Takes in what is asked of subscriptions: check, decide, record, tell. */
@Singleton
final class Requests {
  private final Subscriptions subscriptions;
  private final Needs needs;
  private final Provisioning provisioning;
  private final Event<SubscriptionChanged> changed;

  @Inject
  Requests(
      Subscriptions subscriptions,
      Needs needs,
      Provisioning provisioning,
      Event<SubscriptionChanged> changed) {
    this.subscriptions = subscriptions;
    this.needs = needs;
    this.provisioning = provisioning;
    this.changed = changed;
  }

  /** A subscription as it would be, and what would be run in its store. */
  record Trial(Subscription subscription, String statements) {}

  Trial attempt(Incoming<DataSubscriptionSpec> incoming, Versions versions) {
    Optional<Subscription> now = present(incoming.key(), versions);
    Need need = check(incoming, now);
    Subscription tried =
        subscriptions.tried(incoming.key(), request(incoming, now, need, versions));
    return new Trial(tried, provisioning.describe(need));
  }

  Subscription put(Incoming<DataSubscriptionSpec> incoming, Versions versions, Caller caller) {
    Optional<Subscription> now = present(incoming.key(), versions);
    if (now.isPresent()
        && incoming.findings().isEmpty()
        && now.get().spec().equals(incoming.spec())) {
      return now.get();
    }
    Need need = check(incoming, now);
    Subscription then =
        subscriptions
            .decide(incoming.key(), caller.name(), () -> request(incoming, now, need, versions))
            .orElseThrow();
    changed.fire(new SubscriptionChanged(then.key()));
    return then;
  }

  Subscription withdraw(ObjectKey key, Versions versions, Caller caller) {
    Subscription then =
        subscriptions
            .decide(key, caller.name(), () -> new SubscriptionCommand.Withdraw(key, versions))
            .orElseThrow();
    changed.fire(new SubscriptionChanged(key));
    return then;
  }

  private Optional<Subscription> present(ObjectKey key, Versions versions) {
    Optional<Subscription> now = subscriptions.find(key);
    versions.check(now.map(s -> OptionalLong.of(s.generation())).orElse(OptionalLong.empty()));
    SubscriptionCommand.requireNotDeleting(now);
    return now;
  }

  /** Everything that is wrong, at once. */
  private Need check(Incoming<DataSubscriptionSpec> incoming, Optional<Subscription> now) {
    Checked checked = needs.check(incoming.key(), incoming.spec(), now.map(Subscription::spec));
    List<Finding> findings = new ArrayList<>(incoming.findings());
    findings.addAll(checked.findings());
    checked
        .need()
        .ifPresent(need -> {
          findings.addAll(provisioning.check(need));
          findings.addAll(conflicts(need));
        });
    if (!findings.isEmpty()) {
      throw Refusal.invalid(findings);
    }
    return checked.need().orElseThrow();
  }

  private SubscriptionCommand request(
      Incoming<DataSubscriptionSpec> incoming,
      Optional<Subscription> now,
      Need need,
      Versions versions) {
    if (!needs.stillStands(need)) {
      throw ChangedMeanwhile.of(incoming.key());
    }
    return new SubscriptionCommand.Request(
        incoming.key(),
        incoming.spec(),
        now,
        UUID.randomUUID().toString(),
        versions,
        conflicts(need));
  }

  private List<Finding> conflicts(Need need) {
    return Claims.conflicts(
        need,
        subscriptions.all().values().stream().map(needs::find).flatMap(Optional::stream).toList());
  }
}
