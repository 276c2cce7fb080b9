package dev.millrace.catalog.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import dev.millrace.api.problem.Finding;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A product's JSON Schema, compiled. Safe to share between threads. Formats are asserted, patterns
 * run on RE2, which is linear, and nothing is ever fetched.
 */
final class DataCheck {
  private static final int MOST_FINDINGS = 20;
  private static final int LONGEST_MESSAGE = 300;

  private static final SchemaRegistryConfig CONFIG =
      SchemaRegistryConfig.builder()
          .formatAssertionsEnabled(true)
          .pathType(PathType.JSON_POINTER)
          .locale(Locale.ENGLISH)
          .regularExpressionFactory(regex -> {
            Pattern pattern = Pattern.compile(regex);
            return text -> pattern.matcher(text).find();
          })
          .build();

  private final Schema schema;
  private final int deepest;

  private DataCheck(Schema schema, int deepest) {
    this.schema = schema;
    this.deepest = deepest;
  }

  /**
   * @throws SchemaUnusable when it breaks the rules of JSON Schema, refers to another document, has
   *     a pattern that RE2 lacks, or takes too long to be gone through
   */
  static DataCheck compile(JsonNode schema) throws SchemaUnusable {
    try {
      Schema compiled =
          SchemaRegistry.withDefaultDialect(
                  SpecificationVersion.DRAFT_2020_12,
                  registry ->
                      registry
                          .schemaRegistryConfig(CONFIG)
                          .schemaLoader(loader -> loader.block(iri -> true)))
              .getSchema(schema);
      compiled.initializeValidators();
      return new DataCheck(compiled, SchemaEffort.deepest(schema));
    } catch (RuntimeException | StackOverflowError e) {
      throw new SchemaUnusable(e);
    }
  }

  /** What is wrong with an event's data; pointers begin with {@code /data}. */
  List<Finding> check(JsonNode data) throws SchemaUnusable {
    if (isDeeper(data, deepest)) {
      return List.of(
          new Finding(
              "/data",
              "TooLarge",
              "it is nested deeper than " + deepest + " levels",
              "The product's schema refers to itself several times, and a deeper event would take"
                  + " too long to be checked. Nest it less, or have the schema simplified."));
    }
    try {
      return schema.validate(data).stream().limit(MOST_FINDINGS).map(DataCheck::finding).toList();
    } catch (SchemaException | StackOverflowError e) {
      throw new SchemaUnusable(e);
    }
  }

  private static boolean isDeeper(JsonNode data, int levels) {
    if (levels == Integer.MAX_VALUE || !data.isContainerNode()) {
      return false;
    }
    if (levels <= 0) {
      return true;
    }
    for (JsonNode each : data) {
      if (isDeeper(each, levels - 1)) {
        return true;
      }
    }
    return false;
  }

  private static Finding finding(Error error) {
    String pointer = "/data" + error.getInstanceLocation();
    return switch (Objects.requireNonNullElse(error.getKeyword(), "")) {
      case "required", "dependentRequired" ->
          found(child(pointer, error.getProperty()), "Missing", error, "Every event needs it.");
      case "type" -> found(pointer, "WrongType", error, "Send it as the schema says.");
      case "enum", "const" -> found(pointer, "UnknownValue", error, "Send one of those.");
      case "format", "pattern" -> found(pointer, "WrongFormat", error, "Write it in that form.");
      case "additionalProperties", "unevaluatedProperties", "propertyNames" ->
          found(
              child(pointer, error.getProperty()),
              "UnknownField",
              error,
              "Leave it out, or add it to the product's schema.");
      case "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf",
          "minLength",
          "maxLength",
          "minItems",
          "maxItems",
          "minProperties",
          "maxProperties" ->
          found(pointer, "OutOfRange", error, "Keep within what the schema allows.");
      default -> found(pointer, "SchemaMismatch", error, "Send it as the schema says.");
    };
  }

  private static Finding found(String pointer, String code, Error error, String remedy) {
    String message = pointer.substring("/data".length()) + " " + error.getMessage();
    return new Finding(pointer, code, shortened(message.strip()), remedy);
  }

  private static String shortened(String message) {
    return message.length() <= LONGEST_MESSAGE
        ? message
        : message.substring(0, LONGEST_MESSAGE) + "…";
  }

  private static String child(String pointer, @Nullable String name) {
    return name == null ? pointer : pointer + "/" + name.replace("~", "~0").replace("/", "~1");
  }
}
