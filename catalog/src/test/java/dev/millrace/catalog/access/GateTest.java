package dev.millrace.catalog.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.catalog.Api;
import dev.millrace.catalog.CatalogTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@CatalogTest
class GateTest {

  @Test
  void withoutATokenNothingOfTheApiAnswers() throws IOException {
    String answer = raw("GET /api/v1/products HTTP/1.1", host());

    assertThat(answer).startsWith("HTTP/1.1 401").contains("Unauthenticated");
    assertThat(answer.toLowerCase()).contains("www-authenticate: bearer");
  }

  @Test
  void aWrongTokenIsNoToken() throws IOException {
    assertThat(raw("GET /api/v1/products HTTP/1.1", host(), "Authorization: Bearer token-of-adb"))
        .startsWith("HTTP/1.1 401");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host: evil.example", "Host: localhost:1", "Host: evil.example:8080"})
  void aForeignHostIsRefusedEvenForTheUi(String host) throws IOException {
    assertThat(raw("GET / HTTP/1.1", host)).startsWith("HTTP/1.1 403").contains("HostRefused");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://evil.example", "null", "http://localhost:1", "https://localhost"})
  void aPageOfAnotherOriginIsRefusedWithAGoodTokenToo(String origin) throws IOException {
    assertThat(raw("GET /api/v1/products HTTP/1.1", host(), token(), "Origin: " + origin))
        .startsWith("HTTP/1.1 403")
        .contains("OriginRefused");
  }

  @Test
  void theServersOwnPageMayCall() throws IOException {
    assertThat(
            raw(
                "GET /api/v1/products HTTP/1.1",
                host(),
                token(),
                "Origin: http://localhost:" + Api.base().getPort()))
        .startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/../products",
        "/api/v1/%2e%2e/products",
        "/api/v1/tenants/%00/products",
        "/api/v1/tenants/a%2fb/products",
        "/api//v1/products",
        "/api/v1/tenants/..;/products",
        "/q/health/../../api/v1/products"
      })
  void oddPathsAreRefused(String path) throws IOException {
    String answer = raw("GET " + path + " HTTP/1.1", host(), token());

    assertThat(answer).startsWith("HTTP/1.1 4").contains("application/problem+json");
  }

  @Test
  void aPathThatCannotBeDecodedEndsBeforeAnythingSeesIt() throws IOException {
    assertThat(raw("GET /api/v1/tenants/%zz/products HTTP/1.1", host(), token()))
        .startsWith("HTTP/1.1 400");
  }

  @Test
  void anUnknownPathOfTheApiIsAProblem() {
    Api.Reply reply = Api.ADA.get("/nothing/here");

    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.code()).isEqualTo("NotFound");
  }

  @Test
  void theUiAnswersOnItsOwnPathsAndOnlyThere() throws IOException {
    assertThat(raw("GET / HTTP/1.1", host())).startsWith("HTTP/1.1 200").contains("the UI");
    assertThat(raw("GET /subscriptions/team/orders HTTP/1.1", host(), "Accept: text/html"))
        .startsWith("HTTP/1.1 200")
        .contains("the UI")
        .contains("frame-ancestors 'none'");
    assertThat(raw("GET /missing.js HTTP/1.1", host(), "Accept: text/html"))
        .startsWith("HTTP/1.1 404");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/q/health/live", "/q/health/ready", "/q/metrics"})
  void healthAndMetricsNeedNoToken(String path) throws IOException {
    assertThat(raw("GET " + path + " HTTP/1.1", host())).startsWith("HTTP/1.1 200");
  }

  @Test
  void anotherMethodIsAProblem() {
    assertThat(Api.ADA.send("PATCH", "/products", "{}").code()).isEqualTo("MethodNotAllowed");
  }

  private static String host() {
    return "Host: localhost:" + Api.base().getPort();
  }

  private static String token() {
    return "Authorization: Bearer token-of-ada";
  }

  /** What a client library would not send. */
  private static String raw(String requestLine, String... headers) throws IOException {
    try (Socket socket = new Socket("localhost", Api.base().getPort())) {
      socket.setSoTimeout(120_000);
      OutputStream out = socket.getOutputStream();
      String head = String.join("\r\n", headers);
      out.write(
          (requestLine + "\r\n" + head + "\r\nConnection: close\r\n\r\n")
              .getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
