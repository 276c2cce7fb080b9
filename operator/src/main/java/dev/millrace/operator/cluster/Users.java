package dev.millrace.operator.cluster;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import dev.millrace.operator.kind.DataSubscription;
import dev.millrace.operator.kind.Kind;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Which subscriptions name what, those being deleted too. */
public final class Users {
  private final Cluster cluster;

  public Users(Cluster cluster) {
    this.cluster = cluster;
  }

  public List<ObjectKey> ofProduct(ObjectKey product) {
    return those(each ->
        spec(each)
            .map(DataSubscriptionSpec::product)
            .filter(product.toString()::equals)
            .isPresent());
  }

  public List<ObjectKey> ofClass(String name) {
    return those(each ->
        spec(each)
            .map(DataSubscriptionSpec::store)
            .map(DataSubscriptionSpec.StoreRequest::storeClass)
            .filter(name::equals)
            .isPresent());
  }

  /** Those that write to it: by its name, or as one of their own name. */
  public List<ObjectKey> ofStore(ObjectKey store) {
    return those(each -> storeOf(each).equals(store));
  }

  /** The store that it writes to, or would. */
  public static ObjectKey storeOf(DataSubscription subscription) {
    return new ObjectKey(
        subscription.key().tenant(),
        spec(subscription)
            .map(DataSubscriptionSpec::store)
            .map(DataSubscriptionSpec.StoreRequest::name)
            .orElse(subscription.key().name()));
  }

  private List<ObjectKey> those(Predicate<DataSubscription> wanted) {
    return cluster.subscriptions().all().stream().filter(wanted).map(Kind::key).toList();
  }

  private static Optional<DataSubscriptionSpec> spec(DataSubscription subscription) {
    try {
      return Optional.of(subscription.spec(DataSubscriptionSpec.class));
    } catch (Kind.Undecodable e) {
      return Optional.empty();
    }
  }
}
