package dev.millrace.standalone.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.standalone.PretendedPlatform;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainTest {
  private static final String PATH = "/api/v1/tenants/demo/subscriptions/orders/explain";
  private static final String PAUSED =
      """
      {"sentence":"Nothing is measured. It is paused.","definition":1,"state":"Paused","fields":[],
       "expressions":[],"deletesWhatLeaves":false,"engine":"Redis","mode":"Upsert","ways":[],
       "measured":[],"unmeasured":[{"partitions":[0],"message":"It is paused."}]}
      """;

  @TempDir private Path data;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream error = new ByteArrayOutputStream();
  private PretendedPlatform platform;

  @BeforeEach
  void start() throws Exception {
    platform =
        PretendedPlatform.at(
            data,
            request ->
                request.getRequestURI().getPath().equals(PATH)
                    ? new PretendedPlatform.Answer(200, PAUSED)
                    : new PretendedPlatform.Answer(
                        404,
                        "{\"status\":404,\"code\":\"NotFound\",\"detail\":\"there is none\"}"));
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  @Test
  void whatIsExplainedIsPrinted() {
    assertThat(run(data, "demo/orders")).isZero();

    assertThat(out.toString())
        .startsWith("Nothing is measured. It is paused.\n")
        .contains("Redis, Upsert", "Not measured: partitions 0");
    assertThat(error.toString()).isEmpty();
  }

  @Test
  void whatIsNotThereIsToldInOneSentence() {
    assertThat(run(data, "demo/nobody")).isOne();

    assertThat(out.toString()).isEmpty();
    assertThat(error.toString()).startsWith("millrace explain: ").contains("there is none");
  }

  @Test
  void withoutAPlatformItSaysHowToStartOne() {
    assertThat(run(data.resolve("elsewhere"), "demo/orders")).isOne();

    assertThat(error.toString()).contains("./millrace up", "--data");
  }

  private int run(Path directory, String name) {
    return new Explain(new PrintStream(out, true), new PrintStream(error, true))
        .run(directory, name);
  }
}
