package dev.millrace.catalog.page;

import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/** The query parameters of every list. */
public final class PageQuery {
  @Parameter(
      description = "How many items a page holds at most.",
      schema =
          @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "500", defaultValue = "50"))
  @QueryParam("limit")
  public @Nullable String limit;

  @Parameter(description = "The `next` of the page before.")
  @QueryParam("cursor")
  public @Nullable String cursor;

  public PageRequest request() {
    return PageRequest.of(limit, cursor);
  }
}
