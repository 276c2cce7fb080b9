package dev.millrace.standalone;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a command finds of a platform that runs: its address, a token {@code t}, and answers. */
public final class PretendedPlatform implements AutoCloseable {
  private final HttpServer server;

  /** What it answers. */
  public interface Answers {
    Answer to(HttpExchange request) throws IOException;
  }

  /**
   * @param status of HTTP
   */
  public record Answer(int status, String body) {}

  private PretendedPlatform(HttpServer server) {
    this.server = server;
  }

  /**
   * @param data where a command looks for it
   */
  public static PretendedPlatform at(Path data, Answers answers) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          Answer answer = answers.to(exchange);
          byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answer.status(), bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    Files.createDirectories(data.resolve("run"));
    Files.writeString(
        data.resolve("run/url"), "http://127.0.0.1:" + server.getAddress().getPort() + "\n");
    Files.writeString(data.resolve("run/token"), "t\n");
    return new PretendedPlatform(server);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
