package dev.millrace.catalog.subscription;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import java.time.Instant;
import java.util.Optional;

/**
 * A subscription as the journal tells it.
 *
 * @param uid never reused, unlike the name
 * @param generation counts changes of spec, from 1
 * @param deletionAsked when its deletion was asked for; it goes when its store is cleaned
 */
public record Subscription(
    ObjectKey key,
    String uid,
    long generation,
    DataSubscriptionSpec spec,
    Instant created,
    Optional<Instant> deletionAsked) {

  public boolean isDeleting() {
    return deletionAsked.isPresent();
  }

  /** The product as the spec names it, which was checked before it was written down. */
  public ObjectKey product() {
    return ObjectKey.parse(spec.product());
  }

  /** The store it writes to: the named one, or one of its own name. */
  public ObjectKey store() {
    return spec.store().name() == null ? key : new ObjectKey(key.tenant(), spec.store().name());
  }

  Subscription with(DataSubscriptionSpec changed) {
    return new Subscription(key, uid, generation + 1, changed, created, deletionAsked);
  }

  Subscription withdrawn(Instant at) {
    return new Subscription(key, uid, generation, spec, created, Optional.of(at));
  }
}
