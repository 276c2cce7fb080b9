package dev.millrace.needs.transform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.Json;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProjectionTest {

  static Stream<Object> values() {
    return Stream.of(
        0L,
        1L,
        -1L,
        Long.MAX_VALUE,
        2147483648L,
        0.0,
        -0.0,
        1.0,
        100.0,
        119.50,
        1e300,
        1e-300,
        Double.MIN_VALUE,
        0.1 + 0.2,
        true,
        false,
        "",
        "text",
        List.of(1L, "a"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void aComputedValueBecomesTheNodeThatJsonWouldMakeOfIt(Object value) {
    agree(value);
  }

  @Test
  void soDoesAnyNumber() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      agree(random.nextLong() >> random.nextInt(64));
      double number = Double.longBitsToDouble(random.nextLong());
      agree(Double.isFinite(number) ? number : 1.0);
      agree(random.nextInt(100_000) / 100.0);
    }
  }

  private static void agree(Object value) {
    JsonNode expected = Json.STRICT.valueToTree(value);
    JsonNode node = Projection.node(value);

    assertThat(node).isEqualTo(expected);
    assertThat(node.asText()).isEqualTo(expected.asText());
    assertThat(node.getClass()).isEqualTo(expected.getClass());
  }
}
