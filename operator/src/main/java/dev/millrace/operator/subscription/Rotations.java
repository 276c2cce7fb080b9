package dev.millrace.operator.subscription;

import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import dev.millrace.api.subscription.DataSubscriptionSpec.StoreRequest;
import dev.millrace.needs.check.Durations;
import dev.millrace.operator.cluster.Cluster;
import dev.millrace.operator.cluster.Users;
import dev.millrace.operator.kind.DataSubscription;
import dev.millrace.operator.kind.Kind;
import dev.millrace.operator.store.ClusterOffers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a reader's password is changed because its class says how often: at each full length of time
 * since the subscription was made, so there is nothing to remember but which moment was honoured.
 */
final class Rotations {
  private static final Duration LONGEST_REST = Duration.ofDays(1);

  private final Cluster cluster;
  private final ClusterOffers offers;
  private final Clock clock;

  Rotations(Cluster cluster, ClusterOffers offers, Clock clock) {
    this.cluster = cluster;
    this.offers = offers;
    this.clock = clock;
  }

  /** The last moment for one; empty before the first. */
  Optional<Instant> due(DataSubscription subscription) {
    return every(subscription)
        .filter(every -> age(subscription).compareTo(every) >= 0)
        .map(every ->
            made(subscription)
                .plus(every.multipliedBy(age(subscription).toSeconds() / every.toSeconds())));
  }

  /** How long to wait until the next, but for a day at most: clocks are set, too. */
  Optional<Duration> rest(DataSubscription subscription) {
    return every(subscription)
        .map(every -> every.minusMillis(age(subscription).toMillis() % every.toMillis()))
        .map(rest -> rest.compareTo(LONGEST_REST) < 0 ? rest : LONGEST_REST);
  }

  private Duration age(DataSubscription subscription) {
    return Duration.between(made(subscription), clock.instant());
  }

  private static Instant made(DataSubscription subscription) {
    return Instant.parse(subscription.getMetadata().getCreationTimestamp());
  }

  private Optional<Duration> every(DataSubscription subscription) {
    return storeClass(subscription)
        .flatMap(offers::find)
        .map(StoreClassSpec::rotateEvery)
        .flatMap(Durations::parse);
  }

  private Optional<String> storeClass(DataSubscription subscription) {
    return asked(subscription)
        .map(StoreRequest::storeClass)
        .or(() ->
            cluster.stores().find(Users.storeOf(subscription)).flatMap(Rotations::storeClass));
  }

  private static Optional<StoreRequest> asked(DataSubscription subscription) {
    try {
      return Optional.ofNullable(subscription.spec(DataSubscriptionSpec.class).store());
    } catch (Kind.Undecodable e) {
      return Optional.empty();
    }
  }

  private static Optional<String> storeClass(Kind store) {
    try {
      return Optional.ofNullable(store.spec(StoreSpec.class).storeClass());
    } catch (Kind.Undecodable e) {
      return Optional.empty();
    }
  }
}
