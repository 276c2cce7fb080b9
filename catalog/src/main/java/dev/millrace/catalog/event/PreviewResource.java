package dev.millrace.catalog.event;

import dev.millrace.api.ObjectKey;
import dev.millrace.catalog.document.Documents;
import dev.millrace.catalog.product.Products;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

@Path("/api/v1/tenants/{tenant}/products/{product}/preview")
@Consumes({MediaType.APPLICATION_JSON, Documents.YAML})
@Produces(MediaType.APPLICATION_JSON)
final class PreviewResource {
  private final Products products;
  private final Previews previews;

  @Inject
  PreviewResource(Products products, Previews previews) {
    this.products = products;
    this.previews = previews;
  }

  /**
   * @param filter absent or blank takes every event, as in a subscription
   */
  record Question(@Nullable String filter) {}

  @POST
  public Preview preview(
      @PathParam("tenant") String tenant,
      @PathParam("product") String product,
      @Context HttpHeaders headers,
      InputStream body) {
    Question question = Documents.plain(body, headers.getMediaType(), Question.class);
    try {
      return previews.of(products.get(new ObjectKey(tenant, product)), question.filter());
    } catch (SourceUnavailable e) {
      throw Refusals.of(e);
    }
  }
}
