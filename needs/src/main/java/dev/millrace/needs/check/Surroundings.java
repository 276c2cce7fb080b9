package dev.millrace.needs.check;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import dev.millrace.needs.access.Grant;
import java.util.Map;
import java.util.Optional;

/**
 * What a need is checked against.
 *
 * @param products all that may be named
 * @param stores those of the subscription's tenant
 * @param before the spec as it stands, when it is being changed
 * @param grant what the owner of the product granted the subscription, where that is asked for
 */
public record Surroundings(
    Map<ObjectKey, DataProductSpec> products,
    Map<String, StoreClassSpec> classes,
    Map<ObjectKey, StoreSpec> stores,
    Optional<DataSubscriptionSpec> before,
    Optional<Grant> grant) {

  /** Nobody granted anything. */
  public Surroundings(
      Map<ObjectKey, DataProductSpec> products,
      Map<String, StoreClassSpec> classes,
      Map<ObjectKey, StoreSpec> stores,
      Optional<DataSubscriptionSpec> before) {
    this(products, classes, stores, before, Optional.empty());
  }

  public Surroundings granted(Grant what) {
    return new Surroundings(products, classes, stores, before, Optional.of(what));
  }
}
