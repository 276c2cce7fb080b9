package dev.millrace.catalog.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.Json;
import dev.millrace.api.problem.Finding;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SchemaEffortTest {

  @Test
  void anOrdinarySchemaTakesEventsOfAnyDepth() {
    assertThat(deepest(Orders.SCHEMA)).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void oneThatRefersToItselfOnceDoesToo() {
    assertThat(
            deepest(
                """
                {"type": "object", "properties": {"child": {"$ref": "#"}, "other": {"$ref": "#"},
                 "all": {"type": "array", "items": {"$ref": "#"}}}}
                """))
        .isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void partsThatReferToTheNextTwiceAreRefused() {
    for (String each : new String[] {twice("%s"), twice("{\"properties\": {\"x\": %s}}")}) {
      assertThatThrownBy(() -> deepest(each))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("so often");
    }
  }

  @Test
  void soAreThoseThatAreReferredToByAnchorOrId() {
    String anchors = twice("%s");
    for (int i = 40; i >= 0; i--) {
      anchors =
          anchors
              .replace("#/$defs/a" + i + "\"", "#a" + i + "\"")
              .replace("\"a" + i + "\": {", "\"a" + i + "\": {\"$anchor\": \"a" + i + "\", ");
    }
    String ids = twice("%s");
    for (int i = 40; i >= 0; i--) {
      ids =
          ids.replace("#/$defs/a" + i + "\"", "http://x.example/a" + i + "\"")
              .replace(
                  "\"a" + i + "\": {",
                  "\"a" + i + "\": {\"$id\": \"http://x.example/a" + i + "\", ");
    }
    String embedded =
        "{\"$ref\": \"http://x.example/r\", \"$defs\": {\"r\": "
            + "{\"$id\": \"http://x.example/r\", "
            + twice("%s").substring(1)
            + "}}";

    for (String each : new String[] {anchors, ids, embedded}) {
      assertThatThrownBy(() -> deepest(each))
          .as(each)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("so often");
    }
  }

  @Test
  void oneThatRefersToItselfSeveralTimesIsCheckedToSomeDepth() throws Exception {
    String tree =
        """
        {"$ref": "#/$defs/node", "$defs": {"node": {"anyOf": [
          {"properties": {"add": {"$ref": "#/$defs/node"}}, "required": ["add"]},
          {"properties": {"add": {"$ref": "#/$defs/node"}}, "required": ["sub"]},
          {"type": "integer"}]}}}
        """;
    int deepest = deepest(tree);
    assertThat(deepest).isBetween(10, 30);

    DataCheck check = DataCheck.compile(json(tree));
    assertThat(check.check(nested(5))).isEmpty();
    long began = System.nanoTime();
    assertThat(check.check(nested(deepest + 1)))
        .extracting(Finding::code)
        .containsExactly("TooLarge");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void oneThatOnlyRefersToItselfIsRefused() {
    assertThatThrownBy(() ->
            deepest("{\"$ref\": \"#/$defs/a\", \"$defs\": {\"a\": {\"$ref\": \"#/$defs/a\"}}}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("itself");
  }

  @Test
  void noEventIsCheckedByWhatTakesTooLong() {
    assertThatThrownBy(() -> DataCheck.compile(json(twice("%s"))))
        .isInstanceOf(SchemaUnusable.class);
  }

  /** Forty parts, each of which refers to the next twice. */
  private static String twice(String how) {
    StringBuilder parts = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      String next = "{\"$ref\": \"#/$defs/a" + (i + 1) + "\"}";
      parts
          .append("\"a" + i + "\": {\"allOf\": [")
          .append(how.formatted(next))
          .append(", ")
          .append(how.formatted(next))
          .append("]},");
    }
    return "{\"$ref\": \"#/$defs/a0\", \"$defs\": {" + parts + "\"a40\": {\"type\": \"string\"}}}";
  }

  private static JsonNode nested(int levels) {
    String text = "7";
    for (int i = 0; i < levels; i++) {
      text = "{\"add\": " + text + "}";
    }
    return json(text);
  }

  private static int deepest(String schema) {
    return SchemaEffort.deepest(json(schema));
  }

  private static JsonNode json(String text) {
    try {
      return Json.STRICT.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
