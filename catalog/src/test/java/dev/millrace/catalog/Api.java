package dev.millrace.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.ConfigProvider;

/** The catalog as a client sees it. */
public final class Api {
  /** Logs in as an ordinary caller. */
  public static final Api ADA = new Api("token-of-ada");

  /** Logs in as a platform admin. */
  public static final Api ROOT = new Api("token-of-root");

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final String token;

  private Api(String token) {
    this.token = token;
  }

  /** What came back. */
  public record Reply(int status, String text, HttpResponse<String> response) {

    public JsonNode json() {
      try {
        return Json.LENIENT.readTree(text);
      } catch (IOException e) {
        throw new AssertionError("no JSON: " + text, e);
      }
    }

    public String code() {
      return json().path("code").asText();
    }

    /** All findings, each as {@code pointer code}. */
    public List<String> findings() {
      List<String> findings = new ArrayList<>();
      json()
          .path("errors")
          .forEach(f -> findings.add(f.path("pointer").asText() + " " + f.path("code").asText()));
      return findings;
    }

    public String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  public static URI base() {
    return URI.create(
        "http://localhost:"
            + ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class));
  }

  public Reply get(String path, String... headers) {
    return send("GET", path, "", headers);
  }

  public Reply put(String path, String body, String... headers) {
    return send("PUT", path, body, headers);
  }

  public Reply post(String path, String body, String... headers) {
    return send("POST", path, body, headers);
  }

  public Reply delete(String path, String... headers) {
    return send("DELETE", path, "", headers);
  }

  /**
   * @param path below {@code /api/v1}
   * @param headers names and values in turn; a Content-Type of JSON unless given
   */
  public Reply send(String method, String path, String body, String... headers) {
    return send(request(method, path, headers), body);
  }

  private Reply send(HttpRequest.Builder request, String body) {
    try {
      HttpRequest built = request.build();
      HttpResponse<String> response =
          HTTP.send(
              HttpRequest.newBuilder(built, (name, value) -> true)
                  .method(
                      built.method(),
                      body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                  .build(),
              BodyHandlers.ofString());
      return new Reply(response.statusCode(), response.body(), response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The same request from several threads, which begin together. */
  public static List<Reply> atOnce(int threads, IntFunction<Reply> request) {
    List<Reply> replies = Collections.synchronizedList(new ArrayList<>());
    CyclicBarrier together = new CyclicBarrier(threads);
    List<Thread> all =
        IntStream.range(0, threads)
            .mapToObj(i ->
                Thread.ofPlatform()
                    .start(() -> {
                      try {
                        together.await();
                        replies.add(request.apply(i));
                      } catch (InterruptedException | BrokenBarrierException e) {
                        throw new IllegalStateException(e);
                      }
                    }))
            .toList();
    for (Thread thread : all) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return replies;
  }

  /** For requests that are read as a stream. */
  public HttpRequest.Builder request(String method, String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base().resolve("/api/v1" + path))
            .timeout(Duration.ofSeconds(180))
            .method(method, BodyPublishers.noBody())
            .header("Authorization", "Bearer " + token);
    boolean typed = false;
    for (int i = 0; i < headers.length; i += 2) {
      typed |= headers[i].equalsIgnoreCase("Content-Type");
      request.header(headers[i], headers[i + 1]);
    }
    return typed ? request : request.header("Content-Type", "application/json");
  }
}
