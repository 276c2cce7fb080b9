package dev.millrace.needs.column;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ColumnTypesTest {
  private static final List<String> TYPES =
      List.of(
          "text",
          "int32",
          "int64",
          "float64",
          "decimal(9,0)",
          "decimal(10,0)",
          "decimal(12,2)",
          "decimal(14,2)",
          "decimal(14,4)",
          "decimal(19,0)",
          "decimal(21,2)",
          "boolean",
          "date",
          "timestamp",
          "uuid",
          "json");

  @Test
  void ofAllPairsTheseArePromoted() {
    Set<String> promoted = new TreeSet<>();
    for (String from : TYPES) {
      for (String to : TYPES) {
        if (ColumnTypes.promotes(
            ColumnTypes.parse(from).orElseThrow(), ColumnTypes.parse(to).orElseThrow())) {
          promoted.add(from + " " + to);
        }
      }
    }

    assertThat(promoted)
        .containsExactlyInAnyOrder(
            "int32 int64",
            "int32 float64",
            "int32 decimal(10,0)",
            "int32 decimal(12,2)",
            "int32 decimal(14,2)",
            "int32 decimal(14,4)",
            "int32 decimal(19,0)",
            "int32 decimal(21,2)",
            "int64 float64",
            "int64 decimal(19,0)",
            "int64 decimal(21,2)",
            "decimal(9,0) decimal(10,0)",
            "decimal(9,0) decimal(12,2)",
            "decimal(9,0) decimal(14,2)",
            "decimal(9,0) decimal(14,4)",
            "decimal(9,0) decimal(19,0)",
            "decimal(9,0) decimal(21,2)",
            "decimal(10,0) decimal(12,2)",
            "decimal(10,0) decimal(14,2)",
            "decimal(10,0) decimal(14,4)",
            "decimal(10,0) decimal(19,0)",
            "decimal(10,0) decimal(21,2)",
            "decimal(12,2) decimal(14,2)",
            "decimal(12,2) decimal(14,4)",
            "decimal(12,2) decimal(21,2)",
            "decimal(14,2) decimal(21,2)",
            "decimal(19,0) decimal(21,2)");
  }
}
