package dev.millrace.needs.check;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import java.util.Map;
import java.util.Optional;

/**
 * What a need is checked against.
 *
 * @param products all that may be named
 * @param stores those of the subscription's tenant
 * @param before the spec as it stands, when it is being changed
 */
public record Surroundings(
    Map<ObjectKey, DataProductSpec> products,
    Map<String, StoreClassSpec> classes,
    Map<ObjectKey, StoreSpec> stores,
    Optional<DataSubscriptionSpec> before) {}
