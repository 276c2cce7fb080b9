package dev.millrace.standalone.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.standalone.PretendedPlatform;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowsTest {
  private static final Map<String, String> ANSWERS =
      Map.of(
          "/api/v1/subscriptions",
          """
          {"items":[{"metadata":{"name":"orders","namespace":"a"}},
                    {"metadata":{"name":"quakes","namespace":"demo"}},
                    {"metadata":{"name":"orders","namespace":"b"}}]}\
          """,
          "/api/v1/tenants/demo/subscriptions/quakes/rows",
          "{\"items\":[{\"id\":\"newer\"},{\"id\":\"older\"}]}");

  @TempDir private Path data;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream error = new ByteArrayOutputStream();
  private PretendedPlatform platform;

  @BeforeEach
  void start() throws Exception {
    platform =
        PretendedPlatform.at(
            data,
            request -> {
              String body = ANSWERS.get(request.getRequestURI().getPath());
              boolean known =
                  request.getRequestHeaders().getFirst("Authorization").equals("Bearer t");
              return new PretendedPlatform.Answer(
                  !known ? 401 : body == null ? 404 : 200, body == null ? "{}" : body);
            });
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  @Test
  void rowsArePrintedAsLinesWithTheNewestLast() {
    assertThat(run(data, "demo/quakes")).isZero();

    assertThat(out).hasToString("{\"id\":\"older\"}\n{\"id\":\"newer\"}\n");
  }

  @Test
  void aNameThatOnlyOneTenantUsesNeedsNoTenant() {
    assertThat(run(data, "quakes")).isZero();

    assertThat(out.toString()).contains("newer");
  }

  @Test
  void aNameThatSeveralTenantsUseIsAskedBack() {
    assertThat(run(data, "orders")).isOne();

    assertThat(error.toString()).contains("a/orders", "b/orders");
  }

  @Test
  void withoutAPlatformTheSentenceSaysHowToStartOne() {
    assertThat(run(data.resolve("elsewhere"), "quakes")).isOne();

    assertThat(error.toString()).contains("./millrace up", "--data");
  }

  private int run(Path directory, String name) {
    return new Rows(new PrintStream(out, true), new PrintStream(error, true))
        .run(directory, name, false);
  }
}
