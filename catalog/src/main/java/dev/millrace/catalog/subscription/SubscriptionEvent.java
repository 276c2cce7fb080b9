package dev.millrace.catalog.subscription;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import java.time.Instant;
import java.util.Optional;

/** What can happen to a subscription. */
sealed interface SubscriptionEvent {

  record Requested(String uid, DataSubscriptionSpec spec) implements SubscriptionEvent {}

  record Changed(DataSubscriptionSpec spec) implements SubscriptionEvent {}

  /** Deletion was asked for. */
  record Withdrawn(String uid) implements SubscriptionEvent {}

  /** Everything of it is cleaned. */
  record Forgotten(String uid) implements SubscriptionEvent {}

  /** The reader's password was shown or changed. It happened elsewhere and changes no state. */
  record CredentialsRevealed(String uid) implements SubscriptionEvent {}

  record CredentialsRotated(String uid) implements SubscriptionEvent {}

  static Optional<Subscription> after(
      Optional<Subscription> before, ObjectKey key, SubscriptionEvent event, Instant at) {
    return switch (event) {
      case Requested e ->
          Optional.of(new Subscription(key, e.uid(), 1, e.spec(), at, Optional.empty()));
      case Changed e -> before.map(subscription -> subscription.with(e.spec()));
      case Withdrawn e -> before.map(subscription -> subscription.withdrawn(at));
      case Forgotten e -> Optional.empty();
      case CredentialsRevealed e -> before;
      case CredentialsRotated e -> before;
    };
  }
}
