package dev.millrace.controller;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.stores.StoreProblem;
import java.util.Locale;
import java.util.Optional;

/** The kinds of stores that there are to be had. Safe to share between threads. */
public interface Offers {
  /** Empty when there is none of that name (any more). */
  Optional<StoreClassSpec> find(String name);

  /**
   * Where a store of it is.
   *
   * @return host and port, with a colon between
   */
  default String server(ObjectKey store, StoreClassSpec offer) {
    return String.valueOf(offer.server());
  }

  /** Under which reference the vault has who may make databases, roles and users there. */
  default String admin(ObjectKey store, StoreClassSpec offer) {
    return "admin/" + String.valueOf(offer.engine()).toLowerCase(Locale.ROOT);
  }

  /**
   * Whether a store has its server for itself, which is made and removed with it.
   *
   * @param storeClass its class, which may not be offered any more
   */
  default boolean hasOwnServer(ObjectKey store, String storeClass) {
    return false;
  }

  /**
   * Returns when a store's own server can be asked.
   *
   * @throws StoreProblem StoreStarting
   */
  default void checkIsUp(ObjectKey store) throws StoreProblem {}
}
