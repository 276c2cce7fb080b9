package dev.millrace.catalog.event;

import static dev.millrace.catalog.event.Orders.event;
import static dev.millrace.catalog.event.Orders.order;
import static dev.millrace.catalog.event.Orders.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.catalog.Api;
import dev.millrace.catalog.CatalogTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@CatalogTest
class EventResourceTest {
  private static final AtomicInteger PRODUCTS = new AtomicInteger();
  private static final String SINGLE = "application/cloudevents+json";
  private static final String BATCH = "application/cloudevents-batch+json";
  private static final String BULK = "application/x-ndjson";

  private final String product = product(Orders.SCHEMA, "orderId", false);

  @Test
  void anEventIsThereWhenItIsAnswered() {
    Api.Reply reply = publish(SINGLE, event("e1", "{\"orderId\":\"1\",\"total\":1.10}"));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().path("accepted").asInt()).isEqualTo(1);
    assertThat(reply.json().path("refused")).isEmpty();
    JsonNode published = reply.json().path("events").path(0);
    JsonNode latest = latest("").path(0);
    assertThat(published.path("id").asText()).isEqualTo("e1");
    assertThat(latest.path("partition")).isEqualTo(published.path("partition"));
    assertThat(latest.path("offset")).isEqualTo(published.path("offset"));
    assertThat(latest.path("key").asText()).isEqualTo("1");
    assertThat(Api.ADA.get(path()).text()).contains("\"value\":{\"orderId\":\"1\",\"total\":1.10}");
    assertThat(Instant.parse(latest.path("time").asText()))
        .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
  }

  @Test
  void aPartOfABatchThatIsRefusedIsNamed() {
    Api.Reply reply =
        publish(
            BATCH, "[" + event("a", order("1")) + "," + event("b", "{\"orderId\":\"2\"}") + "]");

    assertThat(reply.status()).isEqualTo(207);
    assertThat(reply.json().path("accepted").asInt()).isEqualTo(1);
    assertThat(reply.json().path("refused").toString())
        .startsWith(
            "[{\"index\":1,\"id\":\"b\",\"errors\":[{\"pointer\":\"/data/total\",\"code\":\"Missing\"");
  }

  @Test
  void aBatchOfWhichNothingMayPassIsRefusedWithAllFindings() {
    Api.Reply reply = publish(BATCH, "[" + event("a", "{\"orderId\":\"2\"}") + ",{}]");

    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.code()).isEqualTo("EventsRefused");
    assertThat(reply.findings()).contains("/0/data/total Missing", "/1/source Missing");
    assertThat(latest("")).isEmpty();
  }

  @Test
  void aBulkNamesTheLinesThatAreBroken() {
    Api.Reply reply =
        publish(BULK, event("a", order("1")) + "\n{broken\n" + event("c", order("3")) + "\n");

    assertThat(reply.status()).isEqualTo(207);
    assertThat(reply.json().path("accepted").asInt()).isEqualTo(2);
    assertThat(reply.json().has("events")).isFalse();
    assertThat(reply.json().path("refused").path(0).path("line").asInt()).isEqualTo(2);
    assertThat(latest("")).hasSize(2);
  }

  @Test
  void aBulkOfWhichNothingMayPassNamesTheLines() {
    Api.Reply reply = publish(BULK, "\n{broken\n");

    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.findings()).containsExactly("/0 MalformedJson");
    assertThat(reply.json().path("errors").path(0).path("message").asText()).contains("line 2");
  }

  @Test
  void headersMakeAPlainBodyAnEvent() {
    Api.Reply reply =
        publish(
            "application/json",
            order("7"),
            "ce-id",
            "x",
            "ce-source",
            "/shop",
            "ce-type",
            "t",
            "ce-specversion",
            "1.0");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(latest("").path(0).path("key").asText()).isEqualTo("7");
  }

  @Test
  void aDeletionIsANullValue() {
    publish(SINGLE, event("a", order("1")));
    Api.Reply reply =
        publish(
            SINGLE,
            "{\"specversion\":\"1.0\",\"id\":\"d\",\"source\":\"/s\",\"type\":\"order.deleted\",\"subject\":\"1\"}");
    Api.Reply binary =
        publish(
            "application/json",
            "",
            "ce-id",
            "x",
            "ce-source",
            "/s",
            "ce-type",
            "t",
            "ce-specversion",
            "1.0",
            "ce-subject",
            "1",
            "ce-millracedelete",
            "true");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(binary.status()).isEqualTo(200);
    assertThat(latest("")).hasSize(3);
    assertThat(latest("").path(0).path("value").isNull()).isTrue();
    assertThat(latest("").path(2).path("value").isNull()).isFalse();
  }

  @Test
  void theLatestAreAsManyAsWereAskedFor() {
    publish(
        BULK,
        IntStream.range(0, 100)
            .mapToObj(i -> event("e" + i, order("o" + i)))
            .collect(Collectors.joining("\n")));

    assertThat(latest("")).hasSize(20);
    assertThat(latest("?limit=3")).hasSize(3);
    assertThat(latest("?limit=500")).hasSize(100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "501", "-1", "x"})
  void aWrongLimitIsRefused(String limit) {
    Api.Reply reply = Api.ADA.get(path() + "?limit=" + limit);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.code()).isEqualTo("InvalidParameter");
  }

  static Stream<Arguments> wrong() {
    String large = "{\"orderId\":\"1\",\"total\":1,\"note\":\"" + "x".repeat(10_000_000) + "\"}";
    return Stream.of(
        Arguments.of(SINGLE, "", 422, "EventsRefused"),
        Arguments.of(SINGLE, "{", 400, "Malformed"),
        Arguments.of(SINGLE, "\u0000", 400, "Malformed"),
        Arguments.of(SINGLE, "[]", 422, "EventsRefused"),
        Arguments.of(SINGLE, "{}", 422, "EventsRefused"),
        Arguments.of(SINGLE, event("a", "[".repeat(5_000)), 422, "EventsRefused"),
        Arguments.of(SINGLE, event("a", "{\"orderId\":\"1\",\"total\":1e999}"), 200, ""),
        Arguments.of(
            SINGLE, event("a", "{\"orderId\":\"1\",\"total\":1e9999999999}"), 422, "EventsRefused"),
        Arguments.of(SINGLE, event("a", large), 413, "EventTooLarge"),
        Arguments.of(BATCH, "", 400, "Malformed"),
        Arguments.of(BATCH, "{}", 400, "Malformed"),
        Arguments.of(BATCH, "[1,null,\"x\",[]]", 422, "EventsRefused"),
        Arguments.of(BATCH, "[" + event("a", large) + "]", 413, "BatchTooLarge"),
        Arguments.of(BULK, "\uD83D", 422, "EventsRefused"),
        Arguments.of(BULK, event("a", large), 422, "EventsRefused"),
        Arguments.of(BULK, "[]\nnull\n17\n\"x\"", 422, "EventsRefused"),
        Arguments.of("application/json", order("1"), 400, "NotCloudEvent"),
        Arguments.of("text/plain", "x", 415, "UnsupportedMediaType"),
        Arguments.of("application/xml", "<x/>", 415, "UnsupportedMediaType"),
        Arguments.of("nonsense", "x", 415, "UnsupportedMediaType"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void whatIsWrongIsAProblemAndNeverAnAccident(String type, String body, int status, String code) {
    Api.Reply reply = publish(type, body);

    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertThat(reply.code()).isEqualTo(code);
  }

  @Test
  void aProductThatIsNotThereIsNotFound() {
    Api.Reply reply =
        Api.ADA.post(
            "/tenants/shop/products/nowhere/events",
            event("a", order("1")),
            "Content-Type",
            SINGLE);

    assertThat(reply.status()).isEqualTo(404);
    assertThat(Api.ADA.get("/tenants/shop/products/nowhere/events").status()).isEqualTo(404);
  }

  @Test
  void anInsertOnlyProductRefusesDeletions() {
    String insertOnly = product(Orders.SCHEMA, "orderId", true);

    Api.Reply reply =
        Api.ADA.post(
            "/tenants/shop/products/" + insertOnly + "/events",
            "{\"specversion\":\"1.0\",\"id\":\"d\",\"source\":\"/s\",\"type\":\"t\",\"subject\":\"1\",\"millracedelete\":true}",
            "Content-Type",
            SINGLE);

    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.findings()).containsExactly("/type DeletionRefused");
  }

  @Test
  void aBulkMayBeLongerThanAnyOtherBody() throws Exception {
    HttpResponse<String> reply = send(BULK, () -> new EventStream(20_000, 1_000));

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("{\"accepted\":20000,\"refused\":[]}");
  }

  @Test
  void anyOtherBodyEndsSomewhere() throws Exception {
    HttpResponse<String> reply = send(BATCH, () -> new EventStream(20_000, 1_000));

    assertThat(reply.statusCode()).isEqualTo(413);
  }

  @Test
  void aClientThatGoesAwayLeavesWhatItHadSentAndNoHarm() throws Exception {
    String whole = event("a", order("1")) + "\n" + event("b", order("2")) + "\n";
    try (Socket socket = new Socket("localhost", Api.base().getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          utf8(
              "POST /api/v1"
                  + path()
                  + " HTTP/1.1\r\nHost: localhost:"
                  + Api.base().getPort()
                  + "\r\nAuthorization: Bearer token-of-ada\r\nContent-Type: "
                  + BULK
                  + "\r\nContent-Length: 100000\r\n\r\n"
                  + whole
                  + event("c", order("3")).substring(0, 30)));
      out.flush();
      await(() -> latest("").size() == 2);
    }

    assertThat(publish(SINGLE, event("d", order("4"))).status()).isEqualTo(200);
    assertThat(latest("")).hasSize(3);
  }

  @Test
  void aPreviewCountsAndShowsWhatMatches() {
    publish(
        BULK,
        IntStream.range(0, 100)
            .mapToObj(i -> event("e" + i, "{\"orderId\":\"" + i + "\",\"total\":" + i + ".5}"))
            .collect(Collectors.joining("\n")));

    JsonNode preview = preview("{\"filter\":\"event.total >= 90.0\"}").json();

    assertThat(preview.path("scanned").asInt()).isEqualTo(100);
    assertThat(preview.path("matched").asInt()).isEqualTo(10);
    assertThat(preview.path("failed").asInt()).isZero();
    assertThat(preview.path("examples")).hasSize(5);
    assertThat(Instant.parse(preview.path("from").asText()))
        .isBeforeOrEqualTo(Instant.parse(preview.path("to").asText()));
    assertThat(preview("{}").json().path("matched").asInt()).isEqualTo(100);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "event.totl > 1.0 | /filter UnknownField",
        "event.total      | /filter NotBoolean",
        "event.total >    | /filter ExpressionSyntax",
        "event.total == 'x' | /filter TypeMismatch"
      },
      quoteCharacter = '`')
  void aFilterThatDoesNotCompileIsAFinding(String filter, String finding) {
    Api.Reply reply = preview("{\"filter\":\"" + filter + "\"}");

    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.findings()).containsExactly(finding);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"[]|400", "{\"filter\":1}|422", "{\"fliter\":\"\"}|400", "''|400"})
  void aPreviewThatAsksNothingIsRefused(String body, int status) {
    assertThat(preview(body).status()).isEqualTo(status);
  }

  @Test
  void aSchemaIsDraftedFromSamples() {
    Api.Reply reply =
        Api.ADA.post("/schema-inferences", "{\"samples\":[{\"id\":1,\"total\":1.5},{\"id\":2}]}");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().at("/schema/properties/total/type").asText()).isEqualTo("number");
    assertThat(reply.json().at("/schema/required").toString()).isEqualTo("[\"id\"]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 422 | /samples Missing",
        "{\"samples\":[]} | 422 | /samples Missing",
        "{\"samples\":[{},1,null]} | 422 | /samples/1 NotObject,/samples/2 NotObject"
      })
  void samplesThatAreNoEventsAreRefused(String body, int status, String findings) {
    Api.Reply reply = Api.ADA.post("/schema-inferences", body);

    assertThat(reply.status()).isEqualTo(status);
    assertThat(String.join(",", reply.findings())).isEqualTo(findings);
  }

  private String path() {
    return "/tenants/shop/products/" + product + "/events";
  }

  private Api.Reply publish(String type, String body, String... headers) {
    List<String> all = new ArrayList<>(List.of("Content-Type", type));
    all.addAll(List.of(headers));
    return Api.ADA.post(path(), body, all.toArray(String[]::new));
  }

  private JsonNode latest(String query) {
    Api.Reply reply = Api.ADA.get(path() + query);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json().path("items");
  }

  private Api.Reply preview(String body) {
    return Api.ADA.post("/tenants/shop/products/" + product + "/preview", body);
  }

  private HttpResponse<String> send(
      String type, java.util.function.Supplier<? extends InputStream> body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                Api.ADA.request("POST", path(), "Content-Type", type).build(), (n, v) -> true)
            .POST(BodyPublishers.ofInputStream(body))
            .build();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return client.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
    }
  }

  private static String product(String schema, String key, boolean insertOnly) {
    String name = "orders-" + PRODUCTS.incrementAndGet();
    Api.Reply reply =
        Api.ROOT.post(
            "/tenants/shop/products",
            "{\"metadata\":{\"name\":\""
                + name
                + "\"},\"spec\":{\"schema\":"
                + schema
                + ",\"key\":\""
                + key
                + "\",\"insertOnly\":"
                + insertOnly
                + "}}");
    assertThat(reply.status()).as(reply.text()).isEqualTo(201);
    return name;
  }

  private static void await(java.util.function.BooleanSupplier condition)
      throws InterruptedException {
    Instant giveUp = Instant.now().plus(Duration.ofSeconds(20));
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as("given up waiting").isBefore(giveUp);
      Thread.sleep(20);
    }
  }
}
