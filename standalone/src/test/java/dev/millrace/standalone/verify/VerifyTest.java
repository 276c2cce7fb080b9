package dev.millrace.standalone.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.standalone.PretendedPlatform;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyTest {
  private static final String PATH = "/api/v1/tenants/demo/subscriptions/orders/verifications";
  private static final String RUNNING = "{\"id\":\"v1\",\"state\":\"Running\"}";

  @TempDir private Path data;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream error = new ByteArrayOutputStream();
  private final Deque<String> answers = new ConcurrentLinkedDeque<>();
  private PretendedPlatform platform;

  @BeforeEach
  void start() throws Exception {
    platform =
        PretendedPlatform.at(
            data,
            request -> {
              boolean post = request.getRequestMethod().equals("POST");
              String path = request.getRequestURI().getPath();
              boolean known = path.equals(post ? PATH : PATH + "/v1");
              // One more than the test has would find no answer, and leave its asker waiting.
              String answer = known ? answers.poll() : null;
              int status = !known ? 404 : answer == null ? 500 : post ? 202 : 200;
              return new PretendedPlatform.Answer(status, answer == null ? "{}" : answer);
            });
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  @Test
  void equalEndsWithZero() {
    answers.addAll(List.of(RUNNING, RUNNING, done("Equal", 0, "[]", "[]")));

    assertThat(run(data)).isZero();

    assertThat(out)
        .hasToString(
            """
            Equal: 1,000,000 rows compared, 1,200,000 events read in 7.5 s, up to 0:600000 1:600000
              equal         1,000,000
              missing               0
              additional            0
              changed               0
            """);
    assertThat(answers).isEmpty();
  }

  @Test
  void aDifferenceEndsWithOneAndNamesItsKeys() {
    answers.addAll(
        List.of(RUNNING, done("Differs", 7, "[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\"]", "[]")));

    assertThat(run(data)).isOne();

    assertThat(out.toString())
        .contains("Differs: ", "  changed               7  a  b  c  d  e  …\n");
  }

  @Test
  void whatCannotBeProvenEndsWithTwoAndSaysWhy() {
    answers.addAll(
        List.of(
            RUNNING,
            done(
                "Unprovable",
                0,
                "[]",
                "[{\"code\":\"HistoryLost\",\"message\":\"Partition 0: gone\"}]")));

    assertThat(run(data)).isEqualTo(2);

    assertThat(out.toString()).contains("Cannot be proven: ", "  HistoryLost: Partition 0: gone\n");
  }

  @Test
  void aFailedRunProvesNothing() {
    answers.addAll(
        List.of(
            RUNNING,
            "{\"id\":\"v1\",\"state\":\"Failed\",\"code\":\"StoreUnavailable\",\"problem\":\"It is"
                + " away.\"}"));

    assertThat(run(data)).isEqualTo(2);

    assertThat(out.toString()).isEmpty();
    assertThat(error.toString()).contains("StoreUnavailable: It is away.");
  }

  @Test
  void withoutAPlatformNothingIsProven() {
    assertThat(run(data.resolve("elsewhere"))).isEqualTo(2);

    assertThat(error.toString()).contains("./millrace up", "--data");
  }

  private static String done(String outcome, int changed, String keys, String reasons) {
    return """
    {"id":"v1","state":"Done","result":{"outcome":"%s","events":1200000,"rows":1000000,
     "equal":1000000,"missing":{"count":0,"examples":[]},"additional":{"count":0,"examples":[]},
     "changed":{"count":%d,"examples":%s},"undecided":{"count":0,"examples":[]},
     "upTo":{"0":600000,"1":600000},"reasons":%s,"startedAt":"2026-11-25T10:00:00Z",
     "endedAt":"2026-11-25T10:00:07.500Z"}}
    """
        .formatted(outcome, changed, keys, reasons);
  }

  private int run(Path directory) {
    return new Verify(
            new PrintStream(out, true), new PrintStream(error, true), false, Duration.ofMillis(1))
        .run(directory, "demo/orders");
  }
}
