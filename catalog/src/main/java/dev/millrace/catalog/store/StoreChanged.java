package dev.millrace.catalog.store;

import dev.millrace.api.ObjectKey;

/** Told to whoever observes, after it was written down. */
public record StoreChanged(ObjectKey store) {}
