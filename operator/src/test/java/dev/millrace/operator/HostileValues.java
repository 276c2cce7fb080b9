package dev.millrace.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;

/** What nobody should write. */
final class HostileValues {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "\u0000",
          "\ud800",
          "null",
          "true",
          "0",
          "-1",
          "9999999999999999999999",
          "1e999",
          "NaN",
          "sales/orders",
          "sales/",
          "/orders",
          "../../etc/passwd",
          "team-risk/h1",
          "${jndi:ldap://x}",
          "{{ .Values }}",
          "'; DROP TABLE orders; --",
          "\"",
          "millrace",
          "pg_catalog",
          "0001-01-01T00:00:00Z",
          "9999-12-31T23:59:59.999999999Z",
          "2026-06-30T23:59:60Z",
          "2026-02-30T00:00:00Z",
          "event",
          "event.total > 1.0",
          "event.total > 'x'",
          "event.id.matches('(a+)+$')",
          "event.id.matches('[')",
          "[1,2,3].all(x, [1,2,3].all(y, [1,2,3].all(z, x == y && y == z)))",
          "((((((((((((((((((((((((((event.total))))))))))))))))))))))))))",
          "decimal(1000,999)",
          "decimal(-1,0)",
          "100%",
          "9999999999d",
          "order:{id}",
          "order:{id}{id}",
          "{id}",
          "millrace:{id}",
          "*:{id}",
          "Ünïcödé",
          "東京",
          "\u202eabc",
          "a\nb",
          "a\tb",
          "Beginning",
          "Upsert");

  private HostileValues() {}

  static String word(Random random) {
    List<String> words =
        List.of(
            "product",
            "filter",
            "select",
            "store",
            "field",
            "expr",
            "as",
            "type",
            "class",
            "name",
            "__proto__",
            "",
            " ",
            "a.b",
            "schema",
            "properties",
            "$ref",
            "key",
            "x".repeat(300));
    return words.get(random.nextInt(words.size()));
  }

  /** Of any form. */
  static JsonNode any(Random random, int deep) {
    return switch (random.nextInt(deep > 0 ? 12 : 9)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.booleanNode(random.nextBoolean());
      case 2 -> JSON.numberNode(random.nextLong());
      case 3 -> JSON.numberNode(random.nextInt(5) - 2);
      case 4 -> JSON.numberNode(random.nextGaussian() * 1e9);
      case 5 -> JSON.textNode("x".repeat(random.nextInt(20_000)));
      case 9 -> list(random, deep);
      case 10, 11 -> object(random, deep);
      default -> text(random);
    };
  }

  /** Of the same form. */
  static JsonNode like(JsonNode before, Random random) {
    if (before.isTextual()) {
      return text(random);
    }
    if (before.isNumber()) {
      return JSON.numberNode(random.nextBoolean() ? random.nextInt() : random.nextLong());
    }
    return before.isBoolean() ? JSON.booleanNode(random.nextBoolean()) : any(random, 2);
  }

  private static JsonNode text(Random random) {
    return JSON.textNode(TEXTS.get(random.nextInt(TEXTS.size())));
  }

  private static JsonNode list(Random random, int deep) {
    ArrayNode list = JSON.arrayNode();
    for (int i = random.nextInt(5); i > 0; i--) {
      list.add(any(random, deep - 1));
    }
    return list;
  }

  private static JsonNode object(Random random, int deep) {
    ObjectNode object = JSON.objectNode();
    for (int i = random.nextInt(4); i > 0; i--) {
      object.set(word(random), any(random, deep - 1));
    }
    return object;
  }
}
