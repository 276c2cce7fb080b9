package dev.millrace.catalog.product;

import dev.millrace.catalog.page.Page;
import dev.millrace.catalog.page.PageRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

@Path("/api/v1")
@Produces({"application/json", "application/yaml"})
final class ProductResource {
  private final Products products;

  @Inject
  ProductResource(Products products) {
    this.products = products;
  }

  @GET
  @Path("/products")
  public Page<String> list(
      @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
    return PageRequest.of(limit, cursor)
        .of(products.all(), dev.millrace.api.ObjectKey::parse, (k, p) -> Optional.of(k.toString()));
  }
}
