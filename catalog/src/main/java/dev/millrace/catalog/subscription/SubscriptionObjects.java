package dev.millrace.catalog.subscription;

import dev.millrace.api.Metadata;
import dev.millrace.api.Resource;
import dev.millrace.api.status.SubscriptionStatus;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import dev.millrace.catalog.CatalogConfig;
import dev.millrace.catalog.document.Origin;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Subscriptions as people see them. */
@Singleton
public final class SubscriptionObjects {
  static final String KIND = "DataSubscription";

  private final Statuses statuses;
  private final String origin;

  @Inject
  SubscriptionObjects(Statuses statuses, CatalogConfig config) {
    this.statuses = statuses;
    this.origin = Origin.of(config);
  }

  public Resource<DataSubscriptionSpec, SubscriptionStatus> of(Subscription subscription) {
    return new Resource<>(
        Resource.API_VERSION,
        KIND,
        new Metadata(
            subscription.key().name(),
            subscription.key().tenant(),
            subscription.uid(),
            subscription.generation(),
            origin,
            subscription.created(),
            subscription.deletionAsked().orElse(null)),
        subscription.spec(),
        statuses.of(subscription));
  }

  /** The conditions in one word. */
  public String phase(Subscription subscription) {
    return statuses.phase(subscription);
  }
}
