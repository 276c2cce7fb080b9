package dev.millrace.standalone.correct;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.millrace.standalone.PretendedPlatform;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorrectTest {
  private static final String LETTERS = "/api/v1/tenants/demo/subscriptions/quakes/dead-letters";

  @TempDir private Path data;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream error = new ByteArrayOutputStream();
  private final Map<String, String> letters = new ConcurrentSkipListMap<>();
  private final Map<String, String> asked = new TreeMap<>();
  private PretendedPlatform platform;

  @BeforeEach
  void start() throws Exception {
    letters.put("0/7", "{\"partition\":0,\"offset\":7,\"code\":\"NotJson\",\"message\":\"no\"}");
    letters.put("1/3", "{\"partition\":1,\"offset\":3,\"code\":\"NotJson\",\"message\":\"no\"}");
    platform = PretendedPlatform.at(data, this::answer);
  }

  /** One that is good is settled at once; a payload "bad" leaves its letter where it is. */
  private PretendedPlatform.Answer answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String rest = path.equals(LETTERS) ? "" : path.substring(LETTERS.length() + 1);
    String answer = "{}";
    int status = 200;
    if (rest.isEmpty()) {
      answer = "{\"items\":[" + String.join(",", letters.values()) + "]}";
    } else if (exchange.getRequestMethod().equals("POST")) {
      asked.put(rest, body);
      status = 202;
      if (!body.contains("bad")) {
        letters.remove(rest.substring(0, rest.lastIndexOf('/')));
      }
    } else {
      answer = letters.getOrDefault(rest, "{}");
      status = letters.containsKey(rest) ? 200 : 404;
    }
    return new PretendedPlatform.Answer(status, answer);
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  @Test
  void deadLettersArePrintedAsLines() {
    assertThat(correct().show(data, "demo/quakes", null)).isZero();

    assertThat(out.toString()).hasLineCount(2).contains("\"offset\":7");
  }

  @Test
  void oneIsShownByItsPlace() {
    assertThat(correct().show(data, "demo/quakes", "1:3")).isZero();

    assertThat(out.toString()).hasLineCount(1).contains("\"offset\":3");
  }

  @Test
  void aCorrectedEventIsSentWithItsKeyAndWaitedFor() {
    int code =
        correct()
            .redrive(
                data,
                "demo/quakes",
                List.of("0/7"),
                false,
                Optional.of("{\"id\":1}"),
                Optional.of("1"));

    assertThat(code).isZero();
    assertThat(asked)
        .containsOnly(Map.entry("0/7/redrive", "{\"payload\":\"{\\\"id\\\":1}\",\"key\":\"1\"}"));
    assertThat(out).hasToString("0/7 is settled\n");
  }

  @Test
  void whatIsStillWrongIsSaidWithItsReason() {
    int code =
        correct()
            .redrive(
                data, "demo/quakes", List.of("0/7"), false, Optional.of("bad"), Optional.empty());

    assertThat(code).isEqualTo(Correct.STILL_DEAD);
    assertThat(out).hasToString("0/7 is a dead letter still: NotJson: no\n");
  }

  @Test
  void allAreDiscardedAtOnce() {
    assertThat(correct().discard(data, "demo/quakes", List.of(), true)).isZero();

    assertThat(asked.keySet()).containsExactly("0/7/discard", "1/3/discard");
    assertThat(letters).isEmpty();
  }

  @Test
  void whatNamesNoDeadLetterIsRefused() {
    assertThat(correct().discard(data, "demo/quakes", List.of("seven"), false))
        .isEqualTo(Correct.FAILED);

    assertThat(error.toString()).contains("'seven'", "PARTITION/OFFSET");
    assertThat(asked).isEmpty();
  }

  private Correct correct() {
    return new Correct(
        new PrintStream(out, true),
        new PrintStream(error, true),
        Duration.ofMillis(50),
        Duration.ofMillis(10));
  }
}
