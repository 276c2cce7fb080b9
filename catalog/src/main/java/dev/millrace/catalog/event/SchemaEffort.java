package dev.millrace.catalog.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What it takes to go through a JSON Schema. A validator looks at a part as often as it is referred
 * to, whatever it found before: of forty parts that each refer to the next twice, at the last a
 * million million times. Counted is how often parts are looked at for an event that has every field
 * once; and of a schema that refers to itself, how much more that becomes with each level of an
 * event.
 */
final class SchemaEffort {
  /** Parts that are looked at for one event: some hundred milliseconds. */
  private static final long MOST = 1_000_000;

  private static final List<String> HERE_AS_LIST = List.of("allOf", "anyOf", "oneOf");
  private static final List<String> HERE = List.of("not", "if", "then", "else");
  private static final List<String> REFERENCES = List.of("$ref", "$dynamicRef");
  private static final List<String> EACH_FIELD =
      List.of("additionalProperties", "unevaluatedProperties", "propertyNames");
  private static final List<String> EACH_ITEM = List.of("items", "contains", "unevaluatedItems");
  private static final String ANY_FIELD = "*";
  private static final String ANY_ITEM = "[]";

  /** A schema, or a part with an {@code $id}: what references within it are relative to. */
  private record Resource(JsonNode root, URI id) {}

  private final Map<JsonNode, Resource> resources = new IdentityHashMap<>();
  private final Map<String, JsonNode> named = new HashMap<>();
  private final Map<JsonNode, Map<JsonNode, Long>> here = new IdentityHashMap<>();
  private final Map<JsonNode, Long> costs = new IdentityHashMap<>();
  private boolean refersToItself;
  private long growth = 1;

  private SchemaEffort(JsonNode root) {
    name(root, new Resource(root, uri("")));
  }

  /**
   * How deep an event may be nested.
   *
   * @throws IllegalArgumentException no event can be checked in good time
   */
  static int deepest(JsonNode schema) {
    SchemaEffort effort = new SchemaEffort(schema);
    long once = effort.cost(schema);
    if (once > MOST) {
      throw new IllegalArgumentException(
          "its parts refer to each other so often that checking one event takes more than "
              + MOST
              + " looks");
    }
    return effort.refersToItself && effort.growth > 1
        ? (int) (Math.log((double) MOST / once) / Math.log(effort.growth))
        : Integer.MAX_VALUE;
  }

  /** Parts that others refer to by a name of their own, and what each part is of. */
  private void name(JsonNode part, Resource within) {
    Resource own = within;
    if (part.isObject()) {
      if (part.path("$id").isTextual()) {
        own = new Resource(part, within.id().resolve(uri(part.path("$id").asText())));
        named.putIfAbsent(own.id().toString(), part);
      }
      for (String anchor : List.of("$anchor", "$dynamicAnchor")) {
        if (part.path(anchor).isTextual()) {
          named.putIfAbsent(own.id() + "#" + part.path(anchor).asText(), part);
        }
      }
      resources.put(part, own);
    }
    for (JsonNode each : part) {
      name(each, own);
    }
  }

  private static URI uri(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException none) {
      return URI.create("");
    }
  }

  /** What is not there, or elsewhere, is refused by whoever compiles the schema. */
  private @Nullable JsonNode referred(JsonNode part, String reference) {
    Resource within = Objects.requireNonNull(resources.get(part));
    int hash = reference.indexOf('#');
    String fragment = hash < 0 ? "" : reference.substring(hash + 1);
    if (!fragment.isEmpty() && !fragment.startsWith("/")) {
      return named.get(resolved(within, reference));
    }
    String document = hash < 0 ? reference : reference.substring(0, hash);
    JsonNode there = document.isEmpty() ? within.root() : named.get(resolved(within, document));
    if (there == null || fragment.isEmpty()) {
      return there;
    }
    JsonNode found = there.at(URLDecoder.decode(fragment, StandardCharsets.UTF_8));
    return found.isObject() ? found : null;
  }

  private static String resolved(Resource within, String reference) {
    return reference.startsWith("#")
        ? within.id() + reference
        : within.id().resolve(uri(reference)).toString();
  }

  /** How often each part is looked at for one value that this one is looked at for. */
  private Map<JsonNode, Long> here(JsonNode part) {
    Map<JsonNode, Long> known = here.get(part);
    if (known != null) {
      if (known.isEmpty()) {
        throw new IllegalArgumentException("a part of it refers to itself, and to nothing else");
      }
      return known;
    }
    here.put(part, Map.of());
    Map<JsonNode, Long> all = new IdentityHashMap<>();
    all.put(part, 1L);
    long count = 1;
    for (JsonNode other : alsoHere(part)) {
      for (Map.Entry<JsonNode, Long> each : here(other).entrySet()) {
        all.merge(each.getKey(), each.getValue(), SchemaEffort::sum);
        count = sum(count, each.getValue());
      }
    }
    if (count > MOST) {
      throw new IllegalArgumentException(
          "its parts refer to each other so often that one value takes more than "
              + MOST
              + " looks");
    }
    here.put(part, all);
    return all;
  }

  private List<JsonNode> alsoHere(JsonNode part) {
    List<JsonNode> all = new ArrayList<>();
    for (String keyword : REFERENCES) {
      JsonNode there =
          part.path(keyword).isTextual() ? referred(part, part.path(keyword).asText()) : null;
      if (there != null) {
        all.add(there);
      }
    }
    HERE_AS_LIST.forEach(keyword -> add(part.path(keyword), all));
    HERE.stream().map(part::path).filter(JsonNode::isObject).forEach(all::add);
    add(part.path("dependentSchemas"), all);
    return all;
  }

  private static void add(JsonNode parts, List<JsonNode> to) {
    for (JsonNode each : parts) {
      if (each.isObject()) {
        to.add(each);
      }
    }
  }

  /** For each field of a value, how often each part is looked at for it. */
  private Map<String, Map<JsonNode, Long>> within(JsonNode part) {
    Map<String, Map<JsonNode, Long>> all = new HashMap<>();
    here(part)
        .forEach((at, times) -> {
          at.path("properties")
              .properties()
              .forEach(field -> add(all, "." + field.getKey(), field.getValue(), times));
          at.path("patternProperties").forEach(each -> add(all, ANY_FIELD, each, times));
          at.path("prefixItems").forEach(each -> add(all, ANY_ITEM, each, times));
          EACH_FIELD.forEach(keyword -> add(all, ANY_FIELD, at.path(keyword), times));
          EACH_ITEM.forEach(keyword -> add(all, ANY_ITEM, at.path(keyword), times));
        });
    return all;
  }

  private static void add(
      Map<String, Map<JsonNode, Long>> all, String where, JsonNode part, long times) {
    if (part.isObject()) {
      all.computeIfAbsent(where, none -> new IdentityHashMap<>())
          .merge(part, times, SchemaEffort::sum);
    }
  }

  private long cost(JsonNode part) {
    Long known = costs.get(part);
    if (known != null) {
      refersToItself |= known == 0;
      return known;
    }
    costs.put(part, 0L);
    long cost = 0;
    for (long times : here(part).values()) {
      cost = sum(cost, times);
    }
    for (Map<JsonNode, Long> field : within(part).values()) {
      long looks = 0;
      for (Map.Entry<JsonNode, Long> each : field.entrySet()) {
        looks = sum(looks, each.getValue());
        cost = sum(cost, product(each.getValue(), cost(each.getKey())));
      }
      growth = Math.max(growth, looks);
    }
    costs.put(part, cost);
    return cost;
  }

  private static long sum(long one, long other) {
    return Math.min(2 * MOST, one + other);
  }

  private static long product(long one, long other) {
    return other != 0 && one > 2 * MOST / other ? 2 * MOST : one * other;
  }
}
