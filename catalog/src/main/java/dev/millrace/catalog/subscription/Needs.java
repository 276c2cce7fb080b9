package dev.millrace.catalog.subscription;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.problem.Finding;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import dev.millrace.catalog.CatalogConfig;
import dev.millrace.catalog.control.Provisioning;
import dev.millrace.catalog.journal.Journal;
import dev.millrace.catalog.journal.LastReports;
import dev.millrace.catalog.product.Product;
import dev.millrace.catalog.product.Products;
import dev.millrace.catalog.store.StoreRecord;
import dev.millrace.catalog.store.Stores;
import dev.millrace.needs.access.Grant;
import dev.millrace.needs.check.Checked;
import dev.millrace.needs.check.Need;
import dev.millrace.needs.check.NeedCheck;
import dev.millrace.needs.check.Surroundings;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * What the recorded specs mean. A need is made anew when its spec, product or store changed, and
 * remembered in between, for compiling expressions takes milliseconds and controllers ask often.
 */
@Singleton
public final class Needs {
  private static final Logger LOG = Logger.getLogger(Needs.class);

  private final boolean ownersAnswer;
  private final Products products;
  private final Stores stores;

  /** Looked up late: whoever provisions needs the catalog, which is then not yet made. */
  private final Instance<Provisioning> provisioning;

  private final LastReports<Need> kept;
  private final Map<ObjectKey, Made> made = new ConcurrentHashMap<>();

  private record Made(Basis basis, Optional<Need> need, List<Finding> misfits) {}

  /** What a need was made of. */
  private record Basis(
      String uid, long generation, Optional<DataProductSpec> product, Optional<StoreSpec> store) {}

  @Inject
  Needs(
      CatalogConfig config,
      Journal journal,
      Products products,
      Stores stores,
      Instance<Provisioning> provisioning) {
    this.ownersAnswer = config.readOnly();
    this.products = products;
    this.stores = stores;
    this.provisioning = provisioning;
    this.kept = journal.reports("need", Need.class);
  }

  /** Checks what is asked for against everything there is. */
  Checked check(ObjectKey key, DataSubscriptionSpec spec, Optional<DataSubscriptionSpec> before) {
    return check(key, spec, before, productSpecs());
  }

  private Checked check(
      ObjectKey key,
      DataSubscriptionSpec spec,
      Optional<DataSubscriptionSpec> before,
      Map<ObjectKey, DataProductSpec> products) {
    Surroundings around =
        new Surroundings(
            products, provisioning.get().classes(), stores.specsOf(key.tenant()), before);
    // Where they are kept elsewhere, owners are asked there, and answer.
    return NeedCheck.check(key, spec, ownersAnswer ? around.granted(Grant.ALL) : around);
  }

  private Map<ObjectKey, DataProductSpec> productSpecs() {
    return products.all().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().spec()));
  }

  /** The product and the store that the need was checked against are there unchanged. */
  boolean stillStands(Need need) {
    boolean sameProduct =
        products
            .find(need.product())
            .filter(product -> product.spec().equals(need.productSpec()))
            .isPresent();
    return sameProduct
        && (need.newStoreClass().isPresent()
            || stores.find(need.store()).filter(store -> isOf(need.engine(), store)).isPresent());
  }

  private static boolean isOf(String engine, StoreRecord store) {
    StoreSpec.External connection = store.spec().connection();
    return connection == null || engine.equals(connection.engine());
  }

  /**
   * The need of a recorded subscription. One that would not pass any more, because its product's
   * schema changed or the platform was started without the store class it uses, keeps the need it
   * had: it must still be possible to run it and to clean up after it.
   */
  public Need of(Subscription subscription) {
    return find(subscription)
        .orElseThrow(() ->
            new IllegalStateException(
                subscription.key() + " does not pass its checks, and no need was kept"));
  }

  /** Empty of one that never passed, which only those can be that were not checked here. */
  Optional<Need> find(Subscription subscription) {
    return made(subscription).need();
  }

  /** What the product's schema of now has against it. */
  public List<Finding> misfits(Subscription subscription) {
    return made(subscription).misfits();
  }

  private Made made(Subscription subscription) {
    Basis basis =
        new Basis(
            subscription.uid(),
            subscription.generation(),
            products.find(subscription.product()).map(Product::spec),
            stores.find(subscription.store()).map(StoreRecord::spec));
    Made before = made.get(subscription.key());
    if (before != null && before.basis().equals(basis)) {
      return before;
    }
    Made now = make(subscription, basis);
    if (now.need().isPresent()) {
      made.put(subscription.key(), now);
    }
    return now;
  }

  private Made make(Subscription subscription, Basis basis) {
    ObjectKey key = subscription.key();
    Checked checked = check(key, subscription.spec(), Optional.of(subscription.spec()));
    if (checked.need().isPresent()) {
      if (!checked.need().equals(kept.find(key))) {
        kept.put(key, checked.need().get());
      }
      return new Made(basis, checked.need(), List.of());
    }
    Optional<Need> before = kept.find(key);
    if (before.isEmpty()) {
      return new Made(basis, before, checked.findings());
    }
    LOG.warnf(
        "a recorded need does not pass any more, the one kept goes on subscription=%s findings=%s",
        key, checked.findings().stream().map(f -> f.pointer() + " " + f.code()).toList());
    return new Made(
        basis,
        before,
        passesWithProductOf(before.get(), subscription) ? checked.findings() : List.of());
  }

  /** Then it is the product that changed, and not where the platform keeps things. */
  private boolean passesWithProductOf(Need before, Subscription subscription) {
    Map<ObjectKey, DataProductSpec> then = new HashMap<>(productSpecs());
    then.put(before.product(), before.productSpec());
    return check(subscription.key(), subscription.spec(), Optional.of(subscription.spec()), then)
        .need()
        .isPresent();
  }

  public void forget(ObjectKey key) {
    made.remove(key);
    kept.forget(key);
  }
}
