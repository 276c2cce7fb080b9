package dev.millrace.controller;

import dev.millrace.api.store.StoreClassSpec;
import java.util.Optional;

/** The kinds of stores that there are to be had. Safe to share between threads. */
public interface Offers {
  /** Empty when there is none of that name (any more). */
  Optional<StoreClassSpec> find(String name);
}
