package dev.millrace.standalone.rows;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
  private HttpServer server;

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body = ANSWERS.get(exchange.getRequestURI().getPath());
          boolean known = exchange.getRequestHeaders().getFirst("Authorization").equals("Bearer t");
          byte[] bytes = (body == null ? "{}" : body).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(!known ? 401 : body == null ? 404 : 200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    Files.createDirectories(data.resolve("run"));
    Files.writeString(
        data.resolve("run/url"), "http://127.0.0.1:" + server.getAddress().getPort() + "\n");
    Files.writeString(data.resolve("run/token"), "t\n");
  }

  @AfterEach
  void stop() {
    server.stop(0);
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
