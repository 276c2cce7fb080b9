package dev.millrace.needs.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A JSON Schema from samples: a draft for a person to confirm. */
final class Inference {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Inference() {}

  static JsonNode of(List<JsonNode> samples) {
    TreeSet<String> types = new TreeSet<>();
    samples.forEach(sample -> types.add(type(sample)));
    boolean nullable = types.remove("null");
    if (types.equals(new TreeSet<>(List.of("integer", "number")))) {
      types.remove("integer");
    }
    ObjectNode schema = JSON.objectNode();
    if (types.size() != 1) {
      return schema;
    }
    String type = types.first();
    if (nullable) {
      schema.set("type", JSON.arrayNode().add(type).add("null"));
    } else {
      schema.put("type", type);
    }
    List<JsonNode> present = samples.stream().filter(sample -> !sample.isNull()).toList();
    switch (type) {
      case "object" -> describeObject(schema, present);
      case "array" -> describeItems(schema, present);
      case "string" -> {
        if (present.stream().allMatch(sample -> isDateTime(sample.textValue()))) {
          schema.put("format", "date-time");
        }
      }
      default -> {
        // Numbers and booleans have nothing more to say.
      }
    }
    return schema;
  }

  private static void describeObject(ObjectNode schema, List<JsonNode> samples) {
    Map<String, List<JsonNode>> values = new LinkedHashMap<>();
    samples.forEach(sample ->
        sample
            .fields()
            .forEachRemaining(field ->
                values
                    .computeIfAbsent(field.getKey(), name -> new ArrayList<>())
                    .add(field.getValue())));
    ArrayNode required = JSON.arrayNode();
    ObjectNode properties = schema.putObject("properties");
    values.forEach((name, of) -> {
      properties.set(name, of(of));
      if (of.size() == samples.size()) {
        required.add(name);
      }
    });
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
  }

  private static void describeItems(ObjectNode schema, List<JsonNode> samples) {
    List<JsonNode> items = new ArrayList<>();
    samples.forEach(sample -> sample.forEach(items::add));
    if (!items.isEmpty()) {
      schema.set("items", of(items));
    }
  }

  private static String type(JsonNode sample) {
    return switch (sample.getNodeType()) {
      case OBJECT -> "object";
      case ARRAY -> "array";
      case STRING -> "string";
      case BOOLEAN -> "boolean";
      case NUMBER -> sample.isIntegralNumber() ? "integer" : "number";
      case NULL, MISSING, BINARY, POJO -> "null";
    };
  }

  private static boolean isDateTime(String text) {
    try {
      OffsetDateTime.parse(text);
      return true;
    } catch (DateTimeParseException e) {
      return false;
    }
  }
}
