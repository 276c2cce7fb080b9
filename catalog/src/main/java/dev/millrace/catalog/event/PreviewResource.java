package dev.millrace.catalog.event;

import dev.millrace.api.ObjectKey;
import dev.millrace.catalog.document.Documents;
import dev.millrace.catalog.product.Products;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBodySchema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/api/v1/tenants/{tenant}/products/{product}/preview")
@Tag(name = "Events")
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
  @Schema(name = "PreviewQuestion")
  record Question(@Nullable String filter) {}

  @POST
  @Operation(
      operationId = "previewFilter",
      summary = "Tries a filter on recent events; creates nothing")
  @RequestBodySchema(Question.class)
  @APIResponseSchema(Preview.class)
  @APIResponse(responseCode = "422", description = "The filter does not compile")
  public Preview preview(
      @PathParam("tenant") String tenant,
      @PathParam("product") String product,
      @HeaderParam(HttpHeaders.CONTENT_TYPE) @Parameter(hidden = true) MediaType type,
      InputStream body) {
    Question question = Documents.plain(body, type, Question.class);
    try {
      return previews.of(products.get(new ObjectKey(tenant, product)), question.filter());
    } catch (SourceUnavailable e) {
      throw Refusals.of(e);
    }
  }
}
