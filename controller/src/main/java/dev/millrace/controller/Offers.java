package dev.millrace.controller;

import dev.millrace.api.store.StoreClassSpec;
import java.util.Locale;
import java.util.Optional;

/** The kinds of stores that there are to be had. Safe to share between threads. */
public interface Offers {
  /** Empty when there is none of that name (any more). */
  Optional<StoreClassSpec> find(String name);

  /** Under which reference the vault has who may make databases, roles and users there. */
  default String admin(StoreClassSpec offer) {
    return "admin/" + String.valueOf(offer.engine()).toLowerCase(Locale.ROOT);
  }
}
