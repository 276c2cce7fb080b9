package dev.millrace.catalog.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.catalog.Api;
import dev.millrace.catalog.Api.Reply;
import dev.millrace.catalog.CatalogTest;
import dev.millrace.catalog.Samples;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@CatalogTest
class WrongInputTest {
  private static final String PATH = "/tenants/risk/subscriptions/wrong";

  static Stream<Arguments> bodies() {
    return Stream.of(
        json(400, "Malformed", "line 1, column 10", "{\"spec\": nonsense}"),
        json(400, "Malformed", "end-of-input", "{\"spec\": {"),
        json(400, "Malformed", "empty", ""),
        json(400, "Malformed", "empty", "null"),
        json(400, "Malformed", "", "{} {}"),
        json(400, "Malformed", "Duplicate", "{\"kind\": \"a\", \"kind\": \"b\"}"),
        json(400, "Malformed", "surrogate", "{\"spec\": {\"filter\": \"\\ud800\"}}"),
        json(400, "Malformed", "depth", "{\"spec\":" + "[".repeat(20_000)),
        json(400, "WrongType", "/spec", "{\"spec\": []}"),
        json(400, "WrongType", "", "[1, 2]"),
        json(400, "WrongType", "", "\"text\""),
        json(400, "WrongType", "/spec/select", "{\"spec\": {\"select\": {\"a\": 1}}}"),
        json(
            400,
            "WrongType",
            "/spec/startFrom/timestamp",
            "{\"spec\": {\"startFrom\": {\"timestamp\": \"yesterday\"}}}"),
        json(400, "UnknownField", "Did you mean 'filter'?", "{\"spec\": {\"fliter\": \"x\"}}"),
        json(
            400,
            "UnknownField",
            "/spec/select/1/feild",
            "{\"spec\": {\"select\": [{}, {\"feild\": {\"deep\": []}}]}}"),
        json(422, "Invalid", "/spec", "{}"),
        json(422, "Invalid", "/spec/product", "{\"spec\": {}}"),
        yaml(400, "Malformed", "anchors", "spec: &a {}\nstatus: *a"),
        yaml(400, "Malformed", "more than one document", "spec: {}\n---\nspec: {}"),
        yaml(400, "Malformed", "uplicate", "spec: {}\nspec: {}"),
        yaml(400, "Malformed", "line 2", "spec:\n\tfilter: x"),
        yaml(400, "Malformed", "nested", "spec: " + "[".repeat(500)),
        yaml(400, "UnknownField", "Did you mean 'mode'?", "spec: {moed: Upsert}"),
        yaml(400, "WrongType", "", "just a text"),
        yaml(400, "Malformed", "empty", "# nothing"),
        yaml(400, "Malformed", "", "spec: !!javax.script.ScriptEngineManager [x"));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void isToldWithItsPlace(String type, int status, String code, String part, String body) {
    Reply reply = Api.ADA.put(PATH, body, "Content-Type", type);

    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertThat(reply.code()).isEqualTo(code);
    assertThat(reply.text()).contains(part);
    assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(Api.ADA.get(PATH).status()).isEqualTo(404);
  }

  @Test
  void allUnknownFieldsAreToldAtOnce() {
    assertThat(
            Api.ADA
                .put(PATH, "{\"knd\": 1, \"spec\": {\"a\": 1, \"store\": {\"b\": 2}}}")
                .findings())
        .containsExactly("/knd UnknownField", "/spec/a UnknownField", "/spec/store/b UnknownField");
  }

  @Test
  void aBodyOfTenMegabytesIsTooLarge() {
    Reply reply = Api.ADA.put(PATH, "{\"spec\": \"" + "x".repeat(10_000_000) + "\"}");

    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.code()).isEqualTo("BodyTooLarge");
  }

  @Test
  void bytesThatAreNoTextAreMalformed() throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      var request =
          Api.ADA
              .request("PUT", PATH)
              .PUT(BodyPublishers.ofByteArray(new byte[] {'{', (byte) 0xc3, '(', '}'}))
              .build();

      var response = http.send(request, BodyHandlers.ofString());

      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(response.body()).contains("Malformed").contains("UTF-8");
    }
  }

  @Test
  void anotherContentTypeIsNotTaken() {
    assertThat(Api.ADA.put(PATH, "<x/>", "Content-Type", "application/xml").code())
        .isEqualTo("UnsupportedMediaType");
    assertThat(Api.ADA.get("/products", "Accept", "image/png").code()).isEqualTo("NotAcceptable");
    assertThat(Api.ADA.put(PATH, "{}", "Content-Type", "///").status()).isBetween(400, 499);
  }

  @Test
  void aMistypedDryRunDoesNotBecomeTheDeed() {
    String right = Samples.subscription(Samples.orders());

    assertThat(Api.ADA.put(PATH + "?dryRun=ture", right).code()).isEqualTo("InvalidParameter");
    assertThat(Api.ADA.get(PATH).status()).isEqualTo(404);
  }

  @Test
  void oddNamesAreFindingsAndNotErrors() {
    String need = "{\"spec\": {}}";

    assertThat(Api.ADA.put("/tenants/risk/subscriptions/Robert'%20drop", need).findings())
        .contains("/metadata/name InvalidName");
    assertThat(Api.ADA.put("/tenants/risk/subscriptions/" + "x".repeat(300), need).findings())
        .contains("/metadata/name InvalidName");
    assertThat(Api.ADA.put("/tenants/%E2%98%83/subscriptions/x", need).findings())
        .contains("/metadata/namespace InvalidName");
    assertThat(Api.ADA.get("/tenants/risk/products/" + "x".repeat(1000)).status()).isEqualTo(404);
    assertThat(Api.ADA.delete("/tenants/risk/stores/%F0%9F%92%A9").status()).isEqualTo(404);
  }

  private static Arguments json(int status, String code, String part, String body) {
    return Arguments.of("application/json", status, code, part, body);
  }

  private static Arguments yaml(int status, String code, String part, String body) {
    return Arguments.of("application/yaml", status, code, part, body);
  }
}
