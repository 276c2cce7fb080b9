package dev.millrace.catalog.store;

import dev.millrace.api.Metadata;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.Resource;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.api.store.StoreStatus;
import dev.millrace.catalog.CatalogConfig;
import dev.millrace.catalog.document.Origin;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;

/** Stores and classes as people see them. */
@Singleton
final class StoreObjects {
  static final String KIND = "Store";
  private static final StoreStatus NOTHING_YET =
      new StoreStatus(null, null, null, null, null, null);

  private final Stores stores;
  private final StoreUsers users;
  private final String origin;

  @Inject
  StoreObjects(Stores stores, StoreUsers users, CatalogConfig config) {
    this.stores = stores;
    this.users = users;
    this.origin = Origin.of(config);
  }

  Resource<StoreSpec, StoreStatus> of(StoreRecord store) {
    return new Resource<>(
        Resource.API_VERSION,
        KIND,
        new Metadata(
            store.key().name(),
            store.key().tenant(),
            store.uid(),
            store.generation(),
            origin,
            store.created(),
            null),
        store.spec(),
        status(store));
  }

  Resource<StoreClassSpec, Object> of(String name, StoreClassSpec offer) {
    return new Resource<>(
        Resource.API_VERSION,
        "StoreClass",
        new Metadata(name, null, null, null, origin, null, null),
        offer,
        null);
  }

  private StoreStatus status(StoreRecord store) {
    StoreStatus reported = stores.reported(store.key()).orElseGet(() -> declared(store.spec()));
    List<String> writers = users.writersTo(store.key()).stream().map(ObjectKey::toString).toList();
    return new StoreStatus(
        reported.engine(),
        reported.host(),
        reported.port(),
        reported.database(),
        writers,
        reported.conditions());
  }

  private static StoreStatus declared(StoreSpec spec) {
    StoreSpec.External connection = spec.connection();
    return connection == null
        ? NOTHING_YET
        : new StoreStatus(
            connection.engine(),
            connection.host(),
            connection.port(),
            connection.database(),
            null,
            null);
  }
}
