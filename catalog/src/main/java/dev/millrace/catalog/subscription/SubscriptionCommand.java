package dev.millrace.catalog.subscription;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.problem.Finding;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import dev.millrace.catalog.document.Versions;
import dev.millrace.catalog.journal.ChangedMeanwhile;
import dev.millrace.catalog.problem.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What can be asked of a subscription, and what follows. */
sealed interface SubscriptionCommand {

  /**
   * @param checked the subscription that the new spec was checked against; empty for a new one
   * @param uid for a new one
   * @param conflicts with what others have claimed by now
   */
  record Request(
      ObjectKey key,
      DataSubscriptionSpec spec,
      Optional<Subscription> checked,
      String uid,
      Versions versions,
      List<Finding> conflicts)
      implements SubscriptionCommand {}

  record Withdraw(ObjectKey key, Versions versions) implements SubscriptionCommand {}

  /** Whoever provisions has cleaned everything. */
  record Forget() implements SubscriptionCommand {}

  record NoteRevealed() implements SubscriptionCommand {}

  record NoteRotated() implements SubscriptionCommand {}

  /**
   * @throws Refusal when the answer is no
   */
  static List<SubscriptionEvent> decide(Optional<Subscription> now, SubscriptionCommand command) {
    return switch (command) {
      case Request request -> request(now, request);
      case Withdraw withdraw -> withdraw(now, withdraw);
      case Forget forget -> now.map(SubscriptionCommand::forgotten).orElse(List.of());
      case NoteRevealed note ->
          now.<List<SubscriptionEvent>>map(
                  s -> List.of(new SubscriptionEvent.CredentialsRevealed(s.uid())))
              .orElse(List.of());
      case NoteRotated note ->
          now.<List<SubscriptionEvent>>map(
                  s -> List.of(new SubscriptionEvent.CredentialsRotated(s.uid())))
              .orElse(List.of());
    };
  }

  private static List<SubscriptionEvent> request(Optional<Subscription> now, Request request) {
    request.versions().check(generation(now));
    requireNotDeleting(now);
    boolean asChecked =
        now.map(Subscription::uid).equals(request.checked().map(Subscription::uid))
            && generation(now).equals(generation(request.checked()));
    if (!asChecked) {
      throw ChangedMeanwhile.of(request.key());
    }
    if (!request.conflicts().isEmpty()) {
      throw Refusal.invalid(request.conflicts());
    }
    if (now.isEmpty()) {
      return List.of(new SubscriptionEvent.Requested(request.uid(), request.spec()));
    }
    return now.get().spec().equals(request.spec())
        ? List.of()
        : List.of(new SubscriptionEvent.Changed(request.spec()));
  }

  static void requireNotDeleting(Optional<Subscription> now) {
    if (now.filter(Subscription::isDeleting).isPresent()) {
      throw new Refusal(
          409,
          "BeingDeleted",
          "'" + now.get().key() + "' is being deleted; its store is not yet cleaned",
          "Wait until GET answers 404, or choose another name.");
    }
  }

  private static List<SubscriptionEvent> withdraw(Optional<Subscription> now, Withdraw withdraw) {
    if (now.isEmpty()) {
      throw Refusal.notFound("subscription", withdraw.key());
    }
    withdraw.versions().check(generation(now));
    return now.get().isDeleting()
        ? List.of()
        : List.of(new SubscriptionEvent.Withdrawn(now.get().uid()));
  }

  private static List<SubscriptionEvent> forgotten(Subscription subscription) {
    return List.of(new SubscriptionEvent.Forgotten(subscription.uid()));
  }

  private static OptionalLong generation(Optional<Subscription> subscription) {
    return subscription
        .map(present -> OptionalLong.of(present.generation()))
        .orElse(OptionalLong.empty());
  }
}
