package dev.millrace.catalog.subscription;

import dev.millrace.api.ObjectKey;

/** A controller said something new of it, or that it has gone. */
public record SubscriptionReported(ObjectKey subscription) {}
