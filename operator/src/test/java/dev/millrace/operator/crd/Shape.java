package dev.millrace.operator.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRuleBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Says more of a generated schema. Places are written as they stand in YAML, with {@code []} for
 * the elements of a list and {@code {}} for the values of a map: {@code spec.select[].mask}.
 */
final class Shape {
  private final JSONSchemaProps root;

  Shape(JSONSchemaProps root) {
    this.root = root;
  }

  /** What cannot be left out. */
  Shape required(String place, String... fields) {
    JSONSchemaProps schema = at(place);
    for (String field : fields) {
      at(place.isEmpty() ? field : place + "." + field);
    }
    schema.setRequired(List.of(fields));
    return this;
  }

  /** One of a few words. */
  Shape words(String place, String... words) {
    at(place).setEnum(Stream.of(words).<JsonNode>map(TextNode::new).toList());
    return this;
  }

  /** What an omitted field means; the API server writes it down. */
  Shape standard(String place, JsonNode value) {
    at(place).setDefault(value);
    return this;
  }

  Shape standard(String place, String value) {
    return standard(place, new TextNode(value));
  }

  /**
   * A text that is not empty.
   *
   * @param most characters, which rules cost the more
   */
  Shape text(String place, long most) {
    at(place).setMinLength(1L);
    at(place).setMaxLength(most);
    return this;
  }

  /** A text that may be empty. */
  Shape longest(String place, long most) {
    at(place).setMaxLength(most);
    return this;
  }

  Shape type(String place, String type) {
    at(place).setType(type);
    return this;
  }

  /** For people. */
  Shape says(String place, String description) {
    at(place).setDescription(description);
    return this;
  }

  /** The field is another door's. */
  Shape without(String place, String field) {
    at(place).getProperties().remove(field);
    return this;
  }

  Shape atLeast(String place, double least) {
    at(place).setMinimum(least);
    return this;
  }

  /** Elements of a list. */
  Shape notEmpty(String place) {
    at(place).setMinItems(1L);
    return this;
  }

  Shape between(String place, double least, double most) {
    at(place).setMinimum(least);
    at(place).setMaximum(most);
    return this;
  }

  /** Elements of a list, or entries of a map. */
  Shape atMost(String place, long most) {
    JSONSchemaProps schema = at(place);
    if ("array".equals(schema.getType())) {
      schema.setMaxItems(most);
    } else {
      schema.setMaxProperties(most);
    }
    return this;
  }

  /** A list that one manager replaces as a whole. */
  Shape whole(String place) {
    at(place).setXKubernetesListType("atomic");
    return this;
  }

  /** A list whose elements are told apart by a field, so that several managers may have some. */
  Shape listedBy(String place, String key) {
    JSONSchemaProps list = at(place);
    list.setXKubernetesListType("map");
    list.setXKubernetesListMapKeys(List.of(key));
    return this;
  }

  /**
   * A rule of CEL.
   *
   * @param message what is wrong and what to do
   */
  Shape rule(String place, String rule, String message) {
    JSONSchemaProps schema = at(place);
    List<ValidationRule> rules =
        new ArrayList<>(
            schema.getXKubernetesValidations() == null
                ? List.of()
                : schema.getXKubernetesValidations());
    rules.add(new ValidationRuleBuilder().withRule(rule).withMessage(message).build());
    schema.setXKubernetesValidations(rules);
    return this;
  }

  private JSONSchemaProps at(String place) {
    JSONSchemaProps at = root;
    for (String step : place.isEmpty() ? new String[0] : place.split("\\.")) {
      String field = step.replaceAll("(\\[]|\\{})+$", "");
      at = field(at, field, place);
      for (int i = field.length(); i < step.length(); i += 2) {
        at =
            step.charAt(i) == '['
                ? at.getItems().getSchema()
                : at.getAdditionalProperties().getSchema();
      }
    }
    return at;
  }

  private static JSONSchemaProps field(JSONSchemaProps of, String name, String place) {
    Map<String, JSONSchemaProps> fields = of.getProperties();
    if (fields == null || !fields.containsKey(name)) {
      throw new IllegalArgumentException(
          "no '" + name + "' at " + place + ", only " + (fields == null ? "" : fields.keySet()));
    }
    return fields.get(name);
  }
}
