package dev.millrace.catalog.subscription;

import dev.millrace.api.ObjectKey;

/** Told to whoever observes, after it was written down: a new spec, or deletion. */
public record SubscriptionChanged(ObjectKey subscription) {}
