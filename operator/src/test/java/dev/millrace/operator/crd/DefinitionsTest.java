package dev.millrace.operator.crd;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DefinitionsTest {
  private static final Path CHART = Path.of("..", "helm", "crds");
  private final Map<String, CustomResourceDefinition> definitions = Definitions.all();

  /** {@code -Dcrds.write=true} writes them. */
  @Test
  void theChartHasThem() throws IOException {
    if (Boolean.getBoolean("crds.write")) {
      for (Map.Entry<String, CustomResourceDefinition> each : definitions.entrySet()) {
        Files.writeString(CHART.resolve(each.getKey()), yaml(each.getValue()));
      }
    }
    try (Stream<Path> files = Files.list(CHART)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(definitions.keySet());
    }
    for (Map.Entry<String, CustomResourceDefinition> each : definitions.entrySet()) {
      assertThat(Files.readString(CHART.resolve(each.getKey())))
          .as(each.getKey() + ", which -Dcrds.write=true writes anew")
          .isEqualTo(yaml(each.getValue()));
    }
  }

  private static String yaml(CustomResourceDefinition crd) {
    return "# Made from the types in api by DefinitionsTest; write there.\n"
        + Serialization.asYaml(crd).replaceFirst("^---\n", "");
  }

  /** {@code kubectl explain} has a sentence for each. */
  @Test
  void eachFieldIsDescribed() {
    List<String> undescribed = new ArrayList<>();
    definitions.forEach((name, crd) -> {
      JSONSchemaProps root = crd.getSpec().getVersions().get(0).getSchema().getOpenAPIV3Schema();
      undescribed(name.substring(0, name.indexOf('.')), root, undescribed);
    });
    assertThat(undescribed).isEmpty();
  }

  private static void undescribed(String place, JSONSchemaProps schema, List<String> into) {
    if (schema.getProperties() != null) {
      schema
          .getProperties()
          .forEach((name, field) -> {
            if (field.getDescription() == null || field.getDescription().isBlank()) {
              into.add(place + "." + name);
            }
            undescribed(place + "." + name, field, into);
          });
    }
    if (schema.getItems() != null) {
      undescribed(place + "[]", schema.getItems().getSchema(), into);
    }
    if (schema.getAdditionalProperties() != null) {
      undescribed(place + "{}", schema.getAdditionalProperties().getSchema(), into);
    }
  }

  @Test
  void noPasswordCanBeWritten() {
    definitions.forEach(
        (name, crd) -> assertThat(yaml(crd)).as(name).doesNotContainIgnoringCase("password:"));
  }
}
