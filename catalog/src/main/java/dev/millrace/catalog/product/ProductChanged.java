package dev.millrace.catalog.product;

import dev.millrace.api.ObjectKey;

/** Told to whoever observes, after it was written down. */
public record ProductChanged(ObjectKey product) {}
