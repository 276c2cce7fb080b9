package dev.millrace.needs.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.problem.Finding;
import dev.millrace.api.product.DataProductSpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a product's schema may change. */
class SchemaCompatibilityTest {
  private static final String STRING = "{\"type\":\"string\"}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "fine",
      textBlock =
          """
          "a":{"type":"integer"} | "b":{"type":"string"},"a":{"type":"integer"} | fine
          "a":{"type":"integer"} | "a":{"type":"number"} | fine
          "a":{"type":"integer","description":"x"} | "a":{"type":["integer","null"]} | fine
          "a":{"type":"object","properties":{"x":{"type":"string"}}} | "a":{"type":"object","properties":{"y":{"type":"string"},"x":{"type":"string"}}} | fine
          "a":{"type":"array","items":{"type":"integer"}} | "a":{"type":"array","items":{"type":"number"}} | fine
          "a":{"type":"number"} | "a":{"type":"integer"} | /spec/schema/properties/a
          "a":{"type":"string"} | "b":{"type":"string"} | /spec/schema/properties/a
          "a":{"type":"string"} | "a":{"type":"string","format":"date"} | /spec/schema/properties/a
          "a":{"type":"object","properties":{"x":{"type":"string"}}} | "a":{"type":"object","properties":{"x":{"type":"integer"}}} | /spec/schema/properties/a/properties/x
          "a":{"type":"object","properties":{"x":{"type":"string"}}} | "a":{"type":"string"} | /spec/schema/properties/a
          "a":{"type":"array","items":{"type":"string"}} | "a":{"type":"array","items":{"type":"integer"}} | /spec/schema/properties/a/items
          """)
  void fieldsAreAddedAndIntegersBecomeNumbers(String before, String after, String pointer)
      throws Exception {
    List<Finding> findings = check(product(before, "Additive"), product(after, "Additive"));

    assertThat(findings)
        .extracting(Finding::pointer)
        .isEqualTo(Optional.ofNullable(pointer).stream().toList());
    assertThat(findings).extracting(Finding::code).allMatch("SchemaIncompatible"::equals);
    assertThat(check(product(before, "Additive"), product(after, "None"))).isEmpty();
  }

  @Test
  void whatAProductIsKeyedByStays() throws Exception {
    DataProductSpec before = product("\"a\":" + STRING, "None");
    DataProductSpec after =
        Json.STRICT.readValue(
            Json.STRICT.writeValueAsString(before).replace("\"key\":\"id\"", "\"key\":\"a\""),
            DataProductSpec.class);

    assertThat(check(before, after)).extracting(Finding::code).contains("ImmutableField");
  }

  @Test
  void anotherWordIsRefused() throws Exception {
    DataProductSpec product = product("\"a\":" + STRING, "none");

    assertThat(check(product, product))
        .extracting(finding -> finding.pointer() + " " + finding.code())
        .containsExactly("/spec/compatibility UnknownValue");
  }

  private static List<Finding> check(DataProductSpec before, DataProductSpec after) {
    return ProductCheck.check(new ObjectKey("sales", "orders"), after, Optional.of(before));
  }

  private static DataProductSpec product(String fields, String compatibility) throws Exception {
    return Json.STRICT.readValue(
        "{\"key\":\"id\",\"compatibility\":\""
            + compatibility
            + "\",\"schema\":{\"type\":\"object\",\"required\":[\"id\"],\"properties\":{\"id\":"
            + STRING
            + ","
            + fields
            + "}}}",
        DataProductSpec.class);
  }
}
