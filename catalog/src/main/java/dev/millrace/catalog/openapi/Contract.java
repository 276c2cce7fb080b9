package dev.millrace.catalog.openapi;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/**
 * Completes the scanned document: what is common to all operations, and what the wire types say of
 * themselves in ways the scanner does not read.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.RUNTIME_STARTUP)
public final class Contract implements OASFilter {
  /** Types that are one text or anything at all in JSON, which the scanner takes for objects. */
  private static final String ANYTHING = "JsonNode";

  private static final String KEY = "ObjectKey";

  private static final String PROBLEM = "Problem";
  private static final String TOKEN = "token";

  private final WireTypes wireTypes = new WireTypes();

  @Override
  public void filterOpenAPI(OpenAPI contract) {
    contract.setInfo(
        OASFactory.createInfo()
            .title("Millrace")
            .version("v1")
            .description(
                "Self-service data provisioning: say what events, in what form, where; get the"
                    + " store. See docs/rest.md.")
            .license(OASFactory.createLicense().name("Apache-2.0").identifier("Apache-2.0")));
    contract
        .getComponents()
        .addSecurityScheme(
            TOKEN,
            OASFactory.createSecurityScheme().type(SecurityScheme.Type.HTTP).scheme("bearer"))
        .addResponse(PROBLEM, problem());
    contract.setSecurity(List.of(OASFactory.createSecurityRequirement().addScheme(TOKEN)));
    completeSchemas(contract);
    contract.getPaths().getPathItems().values().stream()
        .flatMap(path -> path.getOperations().values().stream())
        .forEach(Contract::mayFail);
  }

  private void completeSchemas(OpenAPI contract) {
    Map<String, Schema> schemas = new TreeMap<>(contract.getComponents().getSchemas());
    schemas.remove("JsonNodeType");
    schemas.replace(
        ANYTHING, OASFactory.createSchema().title("Any JSON").description("Any JSON value."));
    schemas.replace(
        KEY,
        OASFactory.createSchema().addType(SchemaType.STRING).description("Written tenant/name."));
    schemas.forEach(this::complete);
    contract.getComponents().setSchemas(schemas);
  }

  private static APIResponse problem() {
    return OASFactory.createAPIResponse()
        .description("Refused: what is wrong, where, and what to do (RFC 9457)")
        .content(
            OASFactory.createContent()
                .addMediaType(
                    "application/problem+json",
                    OASFactory.createMediaType()
                        .schema(OASFactory.createSchema().ref("#/components/schemas/" + PROBLEM))));
  }

  private static void mayFail(Operation operation) {
    operation.getResponses().removeAPIResponse("400");
    operation
        .getResponses()
        .addAPIResponse(
            "default", OASFactory.createAPIResponse().ref("#/components/responses/" + PROBLEM));
  }

  private void complete(String name, Schema schema) {
    if (schema.getProperties() != null) {
      withoutSiblings(schema);
      wireTypes.find(name).ifPresent(type -> complete(schema, type));
    }
  }

  /** Beside a reference a type says nothing new, and of any JSON it says something wrong. */
  private static void withoutSiblings(Schema schema) {
    schema.getProperties().values().stream()
        .filter(property -> property.getRef() != null)
        .forEach(property -> property.setType(null));
  }

  private static void complete(Schema schema, Class<?> type) {
    Map<String, Schema> properties = new LinkedHashMap<>(schema.getProperties());
    WireTypes.descriptions(type)
        .forEach((field, text) ->
            properties.computeIfPresent(field, (f, property) -> property.description(text)));
    schema.setProperties(properties);
    List<String> required =
        WireTypes.required(type).stream().filter(properties::containsKey).toList();
    schema.setRequired(required.isEmpty() ? null : required);
  }
}
