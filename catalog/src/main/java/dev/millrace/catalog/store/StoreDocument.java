package dev.millrace.catalog.store;

import dev.millrace.api.Metadata;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.api.store.StoreStatus;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** {@link dev.millrace.api.Resource} of a store under a name of its own in the contract. */
@Schema(name = "Store")
record StoreDocument(
    @Schema(required = true) String apiVersion,
    @Schema(required = true) String kind,
    @Schema(required = true) Metadata metadata,
    @Schema(required = true) StoreSpec spec,
    StoreStatus status) {

  @Schema(name = "StorePage")
  record Page(@Schema(required = true) List<StoreDocument> items, String next) {}

  @Schema(name = "StoreClass")
  record OfClass(
      @Schema(required = true) String apiVersion,
      @Schema(required = true) String kind,
      @Schema(required = true) Metadata metadata,
      @Schema(required = true) StoreClassSpec spec) {}

  @Schema(name = "StoreClassPage")
  record ClassPage(@Schema(required = true) List<OfClass> items, String next) {}
}
