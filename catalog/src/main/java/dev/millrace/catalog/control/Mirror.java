package dev.millrace.catalog.control;

import dev.millrace.api.Metadata;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.Resource;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.api.product.DataProductStatus;
import dev.millrace.api.status.SubscriptionStatus;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.api.store.StoreStatus;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import dev.millrace.catalog.product.Product;
import dev.millrace.catalog.product.ProductChanged;
import dev.millrace.catalog.product.Products;
import dev.millrace.catalog.store.StoreChanged;
import dev.millrace.catalog.store.StoreRecord;
import dev.millrace.catalog.store.Stores;
import dev.millrace.catalog.subscription.Needs;
import dev.millrace.catalog.subscription.Statuses;
import dev.millrace.catalog.subscription.Subscription;
import dev.millrace.catalog.subscription.SubscriptionChanged;
import dev.millrace.catalog.subscription.SubscriptionReported;
import dev.millrace.catalog.subscription.Subscriptions;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Objects that are kept somewhere else, shown as they are told from there. What is told of one
 * object comes from one thread, and is seen when the call returns.
 */
@Singleton
public final class Mirror {
  private final Products products;
  private final Stores stores;
  private final Subscriptions subscriptions;
  private final Statuses statuses;
  private final Needs needs;
  private final Event<ProductChanged> productChanged;
  private final Event<StoreChanged> storeChanged;
  private final Event<SubscriptionChanged> subscriptionChanged;
  private final Event<SubscriptionReported> subscriptionReported;

  @Inject
  Mirror(
      Products products,
      Stores stores,
      Subscriptions subscriptions,
      Statuses statuses,
      Needs needs,
      Event<ProductChanged> productChanged,
      Event<StoreChanged> storeChanged,
      Event<SubscriptionChanged> subscriptionChanged,
      Event<SubscriptionReported> subscriptionReported) {
    this.products = products;
    this.stores = stores;
    this.subscriptions = subscriptions;
    this.statuses = statuses;
    this.needs = needs;
    this.productChanged = productChanged;
    this.storeChanged = storeChanged;
    this.subscriptionChanged = subscriptionChanged;
    this.subscriptionReported = subscriptionReported;
  }

  /**
   * @param product its {@code spec} must be there
   */
  public void product(Resource<DataProductSpec, DataProductStatus> product) {
    Metadata metadata = Objects.requireNonNull(product.metadata());
    ObjectKey key = key(metadata);
    Optional<DataProductStatus> status = Optional.ofNullable(product.status());
    products.show(
        new Product(
            key,
            String.valueOf(metadata.uid()),
            generation(metadata),
            0,
            Objects.requireNonNull(product.spec()),
            status.map(DataProductStatus::topicId),
            false,
            created(metadata)),
        status);
    productChanged.fire(new ProductChanged(key));
  }

  public void productGone(ObjectKey key) {
    products.gone(key);
    productChanged.fire(new ProductChanged(key));
  }

  /**
   * @param store its {@code spec} must be there
   * @param brought a subscription brought it along
   */
  public void store(Resource<StoreSpec, StoreStatus> store, boolean brought) {
    Metadata metadata = Objects.requireNonNull(store.metadata());
    ObjectKey key = key(metadata);
    stores.show(
        new StoreRecord(
            key,
            String.valueOf(metadata.uid()),
            generation(metadata),
            Objects.requireNonNull(store.spec()),
            brought,
            created(metadata)),
        Optional.ofNullable(store.status()));
    storeChanged.fire(new StoreChanged(key));
  }

  public void storeGone(ObjectKey key) {
    stores.gone(key);
    storeChanged.fire(new StoreChanged(key));
  }

  /**
   * @param subscription its {@code spec} must be there
   */
  public void subscription(Resource<DataSubscriptionSpec, SubscriptionStatus> subscription) {
    Metadata metadata = Objects.requireNonNull(subscription.metadata());
    ObjectKey key = key(metadata);
    if (subscription.status() != null) {
      statuses.report(key, subscription.status());
    }
    subscriptions.show(
        key,
        Optional.of(
            new Subscription(
                key,
                String.valueOf(metadata.uid()),
                generation(metadata),
                Objects.requireNonNull(subscription.spec()),
                created(metadata),
                Optional.ofNullable(metadata.deletionTimestamp()))));
    subscriptionChanged.fire(new SubscriptionChanged(key));
  }

  /** It is there and cannot be read; what workers have of it stays known. */
  public void subscriptionHidden(ObjectKey key) {
    subscriptions.show(key, Optional.empty());
    subscriptionReported.fire(new SubscriptionReported(key));
  }

  /**
   * @param uid of the one that has gone: one of its name may be there
   */
  public void subscriptionGone(ObjectKey key, String uid) {
    subscriptions.show(key, Optional.empty());
    statuses.forget(key, uid);
    needs.forget(key);
    subscriptionReported.fire(new SubscriptionReported(key));
  }

  /** What workers have of a pipeline. */
  public void plan(PipelinePlan plan) {
    statuses.bound(plan.subscription(), plan);
    subscriptionReported.fire(new SubscriptionReported(plan.subscription()));
  }

  /**
   * Workers have it no more. Of a subscription that is there it says how far it came, and stays.
   */
  public void planGone(ObjectKey subscription) {
    if (subscriptions.find(subscription).isEmpty()) {
      statuses.unbound(subscription);
    }
  }

  private static ObjectKey key(Metadata metadata) {
    return new ObjectKey(
        Objects.requireNonNull(metadata.namespace()), Objects.requireNonNull(metadata.name()));
  }

  private static long generation(Metadata metadata) {
    return Objects.requireNonNullElse(metadata.generation(), 1L);
  }

  private static Instant created(Metadata metadata) {
    return Objects.requireNonNullElse(metadata.creationTimestamp(), Instant.EPOCH);
  }
}
