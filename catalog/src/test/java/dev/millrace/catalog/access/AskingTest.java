package dev.millrace.catalog.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Of the whole contract, what a catalog answers through which nothing is changed. */
class AskingTest {
  private static final List<String> METHODS =
      List.of("get", "head", "put", "post", "delete", "patch");

  @Test
  void onlyQuestionsAreAmongWhatIsNotRead() throws IOException {
    assertThat(answered(false))
        .containsExactlyInAnyOrder(
            "POST /api/v1/schema-inferences",
            "POST /api/v1/tenants/x/products/x/preview",
            "POST /api/v1/tenants/x/subscriptions/x/verifications");
  }

  @Test
  void aTrialIsOfProductsAndSubscriptions() throws IOException {
    Set<String> tried = answered(true);
    tried.removeAll(answered(false));

    assertThat(tried)
        .containsExactlyInAnyOrder(
            "POST /api/v1/tenants/x/products",
            "PUT /api/v1/tenants/x/products/x",
            "PUT /api/v1/tenants/x/subscriptions/x");
  }

  /** Those of the contract that are no GET. */
  private static Set<String> answered(boolean dryRun) throws IOException {
    JsonNode paths =
        new YAMLMapper().readTree(Path.of("..", "openapi.yaml").toFile()).path("paths");
    Set<String> answered = new TreeSet<>();
    paths
        .fields()
        .forEachRemaining(each -> {
          String path = each.getKey().replaceAll("\\{[^}]+}", "x");
          for (String name : METHODS) {
            HttpMethod method = HttpMethod.valueOf(name.toUpperCase(Locale.ROOT));
            if (each.getValue().has(name)
                && !name.equals("get")
                && Asking.isAll(method, path, dryRun)) {
              answered.add(method + " " + path);
            }
          }
        });
    assertThat(paths.size()).isGreaterThan(15);
    return answered;
  }
}
