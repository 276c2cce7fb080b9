package dev.millrace.catalog.product;

import dev.millrace.api.Metadata;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.api.product.DataProductStatus;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** {@link dev.millrace.api.Resource} of a product under a name of its own in the contract. */
@Schema(name = "DataProduct")
record DataProduct(
    @Schema(required = true) String apiVersion,
    @Schema(required = true) String kind,
    @Schema(required = true) Metadata metadata,
    @Schema(required = true) DataProductSpec spec,
    DataProductStatus status) {

  @Schema(name = "DataProductPage")
  record Page(@Schema(required = true) java.util.List<DataProduct> items, String next) {}
}
