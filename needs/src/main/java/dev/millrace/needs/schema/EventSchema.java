package dev.millrace.needs.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.problem.Finding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The typed form of a product's JSON Schema. */
public final class EventSchema {
  private static final int DEEPEST = 20;

  private final FieldType.Obj root;

  private EventSchema(FieldType.Obj root) {
    this.root = root;
  }

  /**
   * @param schema JSON Schema of one event; keywords beyond type, properties, required, items,
   *     format and description do not change a field's type, and {@code $ref}, {@code oneOf} and
   *     their like make it {@link FieldType.Any}
   * @throws SchemaRejected with pointers relative to the schema
   */
  public static EventSchema of(JsonNode schema) throws SchemaRejected {
    List<Finding> findings = new ArrayList<>();
    FieldType type = read(schema, "", findings, 0);
    if (findings.isEmpty() && !(type instanceof FieldType.Obj obj && !obj.fields().isEmpty())) {
      findings.add(
          new Finding(
              "",
              "SchemaInvalid",
              "an event is an object with properties; this schema describes " + type.spelled(),
              "Give it \"type\": \"object\" and at least one entry in \"properties\"."));
    }
    if (!findings.isEmpty()) {
      throw new SchemaRejected(findings);
    }
    return new EventSchema((FieldType.Obj) type);
  }

  /** A schema that all the samples fit; a field that every sample has is required. */
  public static JsonNode infer(List<JsonNode> samples) {
    return Inference.of(samples);
  }

  public FieldType.Obj root() {
    return root;
  }

  /**
   * @param path dotted, such as {@code customer.email}; a name that holds a dot itself cannot be
   *     reached
   */
  public Optional<FieldType.Field> field(String path) {
    FieldType.Obj at = root;
    String[] names = path.split("\\.", -1);
    for (int i = 0; i < names.length - 1; i++) {
      Optional<FieldType.Field> next = at.field(names[i]);
      if (next.isEmpty() || !(next.get().type() instanceof FieldType.Obj obj)) {
        return Optional.empty();
      }
      at = obj;
    }
    return at.field(names[names.length - 1]);
  }

  /** Every path there is, for did-you-mean. */
  public List<String> paths() {
    List<String> paths = new ArrayList<>();
    collect(root, "", paths);
    return paths;
  }

  /** The fields of this one that a later one lacks or gives another type; not those it adds. */
  public List<FieldChange> changesTo(EventSchema later) {
    List<FieldChange> changes = new ArrayList<>();
    compare(root, later.root, "", "", changes);
    return changes;
  }

  private static void compare(
      FieldType.Obj before,
      FieldType.Obj after,
      String prefix,
      String pointer,
      List<FieldChange> changes) {
    for (FieldType.Field field : before.fields().values()) {
      compare(
          field.type(),
          after.field(field.name()).map(FieldType.Field::type),
          prefix + field.name(),
          pointer + "/properties/" + escaped(field.name()),
          changes);
    }
  }

  /** Objects and lists are what is in them. */
  private static void compare(
      FieldType before,
      Optional<FieldType> after,
      String path,
      String pointer,
      List<FieldChange> changes) {
    if (before instanceof FieldType.Obj was && after.orElse(null) instanceof FieldType.Obj is) {
      compare(was, is, path + ".", pointer, changes);
    } else if (before instanceof FieldType.Array was
        && after.orElse(null) instanceof FieldType.Array is) {
      compare(was.items(), Optional.of(is.items()), path, pointer + "/items", changes);
    } else if (!after.equals(Optional.of(before))) {
      changes.add(new FieldChange(path, pointer, before, after));
    }
  }

  private static void collect(FieldType.Obj obj, String prefix, List<String> paths) {
    for (FieldType.Field field : obj.fields().values()) {
      paths.add(prefix + field.name());
      if (field.type() instanceof FieldType.Obj inner) {
        collect(inner, prefix + field.name() + ".", paths);
      }
    }
  }

  private static FieldType read(
      JsonNode schema, String pointer, List<Finding> findings, int depth) {
    if (!schema.isObject() || depth > DEEPEST) {
      if (schema.isBoolean()) {
        return new FieldType.Any();
      }
      findings.add(
          new Finding(
              pointer,
              "SchemaInvalid",
              depth > DEEPEST ? "nested deeper than " + DEEPEST + " levels" : "not a schema object",
              "Describe the field as {\"type\": \"string\"} or the like."));
      return new FieldType.Any();
    }
    Optional<String> type = type(schema, pointer, findings);
    if (type.isEmpty()) {
      return schema.has("properties")
          ? object(schema, pointer, findings, depth)
          : new FieldType.Any();
    }
    return switch (type.get()) {
      case "string" -> new FieldType.Text(format(schema));
      case "integer" -> new FieldType.Int();
      case "number" -> new FieldType.Number();
      case "boolean" -> new FieldType.Bool();
      case "object" ->
          schema.has("properties") ? object(schema, pointer, findings, depth) : new FieldType.Any();
      case "array" ->
          new FieldType.Array(
              schema.has("items")
                  ? read(schema.get("items"), pointer + "/items", findings, depth + 1)
                  : new FieldType.Any());
      case "null" -> new FieldType.Any();
      default -> {
        findings.add(
            new Finding(
                pointer + "/type",
                "SchemaInvalid",
                "'" + type.get() + "' is not a JSON type",
                "Use string, integer, number, boolean, object or array."));
        yield new FieldType.Any();
      }
    };
  }

  /** The one type beside null; empty when there is none or several. */
  private static Optional<String> type(JsonNode schema, String pointer, List<Finding> findings) {
    JsonNode type = schema.get("type");
    if (type == null) {
      return Optional.empty();
    }
    if (type.isTextual()) {
      return Optional.of(type.textValue());
    }
    if (!type.isArray()) {
      findings.add(
          new Finding(
              pointer + "/type",
              "SchemaInvalid",
              "type is neither a word nor a list of words",
              "Write \"type\": \"string\" or \"type\": [\"string\", \"null\"]."));
      return Optional.empty();
    }
    TreeSet<String> types = new TreeSet<>();
    type.forEach(each -> types.add(each.asText()));
    types.remove("null");
    return types.size() == 1 ? Optional.of(types.first()) : Optional.empty();
  }

  private static FieldType.Format format(JsonNode schema) {
    return switch (schema.path("format").asText("")) {
      case "date-time" -> FieldType.Format.DATE_TIME;
      case "date" -> FieldType.Format.DATE;
      case "uuid" -> FieldType.Format.UUID;
      default -> FieldType.Format.PLAIN;
    };
  }

  private static FieldType object(
      JsonNode schema, String pointer, List<Finding> findings, int depth) {
    JsonNode properties = schema.get("properties");
    if (!properties.isObject()) {
      findings.add(
          new Finding(
              pointer + "/properties",
              "SchemaInvalid",
              "properties is not an object",
              "Write one entry for each field: \"properties\": {\"id\": {\"type\": \"string\"}}."));
      return new FieldType.Any();
    }
    TreeSet<String> required = new TreeSet<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    Map<String, FieldType.Field> fields = new LinkedHashMap<>();
    for (Iterator<Map.Entry<String, JsonNode>> it = properties.fields(); it.hasNext(); ) {
      Map.Entry<String, JsonNode> entry = it.next();
      String name = entry.getKey();
      JsonNode inner = entry.getValue();
      fields.put(
          name,
          new FieldType.Field(
              name,
              read(inner, pointer + "/properties/" + escaped(name), findings, depth + 1),
              required.contains(name) && !allowsNull(inner),
              inner.path("description").asText("")));
    }
    return new FieldType.Obj(Collections.unmodifiableMap(fields));
  }

  private static boolean allowsNull(JsonNode schema) {
    for (JsonNode each : schema.path("type")) {
      if (each.asText().equals("null")) {
        return true;
      }
    }
    return false;
  }

  private static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
