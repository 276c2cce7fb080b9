package dev.millrace.catalog.event;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.problem.Finding;
import dev.millrace.catalog.document.Documents;
import dev.millrace.catalog.problem.Refusal;
import dev.millrace.needs.schema.EventSchema;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.List;
import java.util.stream.IntStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBodySchema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/api/v1/schema-inferences")
@Tag(name = "Products")
@Consumes({MediaType.APPLICATION_JSON, Documents.YAML})
@Produces(MediaType.APPLICATION_JSON)
final class SchemaInferenceResource {
  private static final int MOST_FINDINGS = 20;

  /**
   * @param samples events, each an object
   */
  @Schema(name = "SchemaSamples")
  record Samples(@Nullable List<@Nullable JsonNode> samples) {}

  /** A draft for a person to confirm and register. */
  @Schema(name = "SchemaDraft")
  record Draft(JsonNode schema) {}

  @POST
  @Operation(operationId = "inferSchema", summary = "Drafts a schema from samples")
  @RequestBodySchema(Samples.class)
  @APIResponseSchema(Draft.class)
  @APIResponse(responseCode = "422", description = "The samples are no events")
  public Draft infer(
      @HeaderParam(HttpHeaders.CONTENT_TYPE) @Parameter(hidden = true) MediaType type,
      InputStream body) {
    Samples read = Documents.plain(body, type, Samples.class);
    return new Draft(EventSchema.infer(events(read.samples())));
  }

  private static List<JsonNode> events(@Nullable List<@Nullable JsonNode> samples) {
    if (samples == null || samples.isEmpty()) {
      throw Refusal.invalid(
          List.of(
              new Finding(
                  "/samples",
                  "Missing",
                  "a schema is drafted from samples, and there are none",
                  "Send {\"samples\": [event, …]}.")));
    }
    List<Finding> findings =
        IntStream.range(0, samples.size())
            .filter(i -> samples.get(i) == null || !samples.get(i).isObject())
            .limit(MOST_FINDINGS)
            .mapToObj(SchemaInferenceResource::notObject)
            .toList();
    if (!findings.isEmpty()) {
      throw Refusal.invalid(findings);
    }
    return List.copyOf(samples);
  }

  private static Finding notObject(int index) {
    return new Finding(
        "/samples/" + index,
        "NotObject",
        "an event is a JSON object",
        "Send the events themselves, such as {\"orderId\": \"A-1\"}.");
  }
}
