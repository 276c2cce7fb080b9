package dev.millrace.standalone.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What people get wrong, each with its answer. The table of them is {@code docs/wrong-inputs.md};
 * {@code -Dmillrace.docs.write=true} writes it anew.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WrongInputsIT {
  private static final Path TABLE = Path.of("..", "docs", "wrong-inputs.md");
  private static final String EXISTING = "tenants/team-risk/subscriptions/eu-orders";

  @TempDir static Path directory;

  private final SortedMap<Integer, String> rows = new TreeMap<>();
  private PlatformProcess platform;
  private Api api;
  private Footprint before;

  @BeforeAll
  void start() throws Exception {
    PlatformProcess.letOthersPass(directory);
    platform = PlatformProcess.start(directory.resolve("data"));
    api = new Api(platform);
    String product =
        Orders.PRODUCT.replace(
            "note:",
            "lines: {type: array, items: {type: object, properties: {sku: {type: string}}}}\n      note:");
    assertThat(api.postYaml("tenants/sales/products", product).status()).isEqualTo(201);
    assertThat(
            api.putYaml(
                    EXISTING,
                    """
                    apiVersion: millrace.dev/v1alpha1
                    kind: DataSubscription
                    metadata: {name: eu-orders}
                    spec:
                      product: sales/orders
                      store: {class: postgres-embedded}
                    """)
                .status())
        .isEqualTo(201);
    PlatformProcess.await("ready", PlatformProcess.LONG, () -> api.isTrue(EXISTING, "Ready"));
    before = Footprint.of(platform, api);
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  static List<WrongInput> inputs() {
    return WrongInput.all();
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void isAnsweredWithWhatIsWrongAndWhereAndWhatToDo(WrongInput input) throws IOException {
    Api.Answer answer = api.send(request(input));

    String said = input.what() + ": " + answer.status() + " " + answer.body();
    assertThat(answer.status()).as(said).isEqualTo(input.status());
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .as(said)
        .startsWith("application/problem+json");
    JsonNode told = told(input, answer).orElseThrow(() -> new AssertionError(said));
    assertThat(told.path("remedy").asText()).as(said).isNotBlank();
    rows.put(
        inputs().stream().map(WrongInput::what).toList().indexOf(input.what()),
        row(input, answer.status(), told));
  }

  @Test
  void aHostThatIsNotThisMachineIsRefused() throws Exception {
    // java.net.http does not let the header be set, so by hand.
    try (var socket = new java.net.Socket("127.0.0.1", platform.port())) {
      socket
          .getOutputStream()
          .write(
              ("GET /api/v1/subscriptions HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer "
                      + platform.token()
                      + "\r\nConnection: close\r\n\r\n")
                  .getBytes());
      assertThat(new String(socket.getInputStream().readAllBytes()))
          .startsWith("HTTP/1.1 403")
          .contains("HostRefused");
    }
  }

  /** Runs last in effect: it asks for every input once more and then looks at what is there. */
  @Test
  void noneLeavesAnythingBehindAndTheDocumentTellsThemAll() throws Exception {
    for (WrongInput input : inputs()) {
      isAnsweredWithWhatIsWrongAndWhereAndWhatToDo(input);
    }
    assertThat(Footprint.of(platform, api)).isEqualTo(before);
    assertThat(platform.errors()).isEmpty();
    String document = document();
    if (Boolean.getBoolean("millrace.docs.write")) {
      Files.writeString(TABLE, document);
    }
    assertThat(Files.readString(TABLE)).isEqualTo(document);
  }

  private HttpRequest request(WrongInput input) throws IOException {
    byte[] body = input.body();
    String port = Integer.toString(Footprint.port(platform, "postgres"));
    if (input.path().contains("/stores/")) {
      body = new String(body, UTF_8).replace(WrongInput.POSTGRES_PORT, port).getBytes(UTF_8);
    }
    URI uri = api.uri(input.path());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(PlatformProcess.LONG)
            .method(input.method(), BodyPublishers.ofByteArray(body));
    boolean named = false;
    for (int i = 0; i < input.headers().size(); i += 2) {
      named |= input.headers().get(i).equals("Authorization");
      if (!input.headers().get(i + 1).isEmpty()) {
        request.header(input.headers().get(i), input.headers().get(i + 1));
      }
    }
    return (named ? request : request.header("Authorization", "Bearer " + api.token())).build();
  }

  /** The problem itself, or the finding at the pointer. */
  private static Optional<JsonNode> told(WrongInput input, Api.Answer answer) {
    if (input.pointer().isEmpty()) {
      return Optional.of(answer.body()).filter(body -> input.code().equals(answer.code()));
    }
    return StreamSupport.stream(answer.body().path("errors").spliterator(), false)
        .filter(finding -> finding.path("pointer").asText().equals(input.pointer()))
        .filter(finding -> finding.path("code").asText().equals(input.code()))
        .findFirst();
  }

  private String row(WrongInput input, int status, JsonNode told) {
    String message =
        told.has("message") ? told.path("message").asText() : told.path("detail").asText();
    String text =
        (message + " → " + told.path("remedy").asText()).replace("|", "\\|").replace("\n", " ");
    return "| %s | %d | `%s` | %s | %s |"
        .formatted(
            input.what(),
            status,
            input.code(),
            input.pointer().isEmpty() ? "" : "`" + input.pointer() + "`",
            text.replace(":" + platform.port(), ":8080")
                .replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:PORT"));
  }

  private String document() {
    return """
    # Wrong inputs and their answers

    Made by `WrongInputsIT` from what the platform answered; none of these is a 500, and none leaves
    anything behind. Where a pointer stands, the answer is a list of findings, and this is the one at
    that place.

    | what is wrong | status | code | where | message → remedy |
    |---|---|---|---|---|
    %s
    """
        .formatted(rows.values().stream().collect(Collectors.joining("\n")));
  }
}
