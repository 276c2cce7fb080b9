package dev.millrace.catalog.info;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.millrace.api.problem.Problem;
import dev.millrace.catalog.CatalogConfig;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/api/v1/info")
@Tag(name = "Platform")
@Produces({"application/json", "application/yaml"})
final class InfoResource {
  private final Info info;

  @Inject
  InfoResource(
      CatalogConfig config,
      @ConfigProperty(name = "quarkus.application.version", defaultValue = "unknown")
          String version) {
    this.info =
        new Info(
            version,
            config.readOnly(),
            config.info().ui().orElse(null),
            config.info().kafka().orElse(null),
            config.info().kafkaProperties().orElse(null));
  }

  @Schema(name = "Info")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Info(
      @Schema(required = true) String version,
      @Schema(
              required = true,
              description =
                  "Nothing is changed here: the objects are a Kubernetes cluster's, and are applied"
                      + " there.")
          boolean readOnly,
      @Schema(description = "Address of the UI.") @Nullable String ui,
      @Schema(description = "Kafka bootstrap address for applications.") @Nullable String kafka,
      @Schema(description = "Path of a properties file for Kafka clients, on the server.")
          @Nullable String kafkaProperties) {}

  @GET
  @Operation(operationId = "getInfo", summary = "Where things are")
  @APIResponseSchema(Info.class)
  // Brings the shape of problems into the contract; there it stands for every operation.
  @APIResponse(
      responseCode = "default",
      content = @Content(schema = @Schema(implementation = Problem.class)))
  public Info info() {
    return info;
  }
}
