package dev.millrace.operator.subscription;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.problem.Finding;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import dev.millrace.needs.check.Checked;
import dev.millrace.needs.check.Need;
import dev.millrace.needs.check.NeedCheck;
import dev.millrace.needs.check.Surroundings;
import dev.millrace.operator.cluster.Cluster;
import dev.millrace.operator.kind.DataProduct;
import dev.millrace.operator.kind.DataSubscription;
import dev.millrace.operator.kind.Kind;
import dev.millrace.operator.kind.Store;
import dev.millrace.operator.store.ClusterOffers;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** From what was applied to needs. Safe to share between threads. */
final class Needs {
  private final Cluster cluster;
  private final ClusterOffers offers;

  /** The last that was right: its pipeline may run, and must be cleaned up after. */
  private final Map<ObjectKey, Need> right = new ConcurrentHashMap<>();

  Needs(Cluster cluster, ClusterOffers offers) {
    this.cluster = cluster;
    this.offers = offers;
  }

  Judgement judge(DataSubscription subscription) {
    DataSubscriptionSpec spec;
    try {
      spec = subscription.spec(DataSubscriptionSpec.class);
    } catch (Kind.Undecodable e) {
      return Judgement.wrong(
          new Finding(
              "/spec", "Undecodable", String.valueOf(e.getMessage()), "Correct it and apply it."));
    }
    Checked checked =
        NeedCheck.check(
            subscription.key(),
            spec,
            new Surroundings(products(), offers.all(), stores(subscription), Optional.of(spec)));
    checked.need().ifPresent(this::keep);
    return new Judgement(checked.findings(), checked.need());
  }

  void keep(Need need) {
    right.put(need.subscription(), need);
  }

  /** What was right last, since this process began. */
  Optional<Need> before(ObjectKey subscription) {
    return Optional.ofNullable(right.get(subscription));
  }

  void forget(ObjectKey subscription) {
    right.remove(subscription);
  }

  private Map<ObjectKey, DataProductSpec> products() {
    Map<ObjectKey, DataProductSpec> products = new TreeMap<>();
    for (DataProduct product : cluster.products().all()) {
      spec(product, DataProductSpec.class).ifPresent(spec -> products.put(product.key(), spec));
    }
    return products;
  }

  /** Those of its tenant. */
  private Map<ObjectKey, StoreSpec> stores(DataSubscription subscription) {
    Map<ObjectKey, StoreSpec> stores = new TreeMap<>();
    for (Store store : cluster.stores().all()) {
      if (store.key().tenant().equals(subscription.key().tenant())) {
        spec(store, StoreSpec.class).ifPresent(spec -> stores.put(store.key(), spec));
      }
    }
    return stores;
  }

  /** One that does not decode says so itself. */
  private static <S> Optional<S> spec(Kind object, Class<S> type) {
    try {
      return Optional.of(object.spec(type));
    } catch (Kind.Undecodable e) {
      return Optional.empty();
    }
  }
}
