package dev.millrace.standalone.process;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** REST calls as a test writes them. Paths are below {@code /api/v1/}. */
public final class Api {
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(PlatformProcess.LONG).build();
  private final URI base;
  private final String token;

  public Api(PlatformProcess platform) {
    this.base = platform.url().resolve("/api/v1/");
    this.token = platform.token();
  }

  /** A body that is no JSON is a text node. */
  public record Answer(int status, JsonNode body, java.net.http.HttpHeaders headers) {
    public String code() {
      return body.path("code").asText();
    }
  }

  public Answer get(String path) {
    return send(path, "GET", null, BodyPublishers.noBody());
  }

  public Answer delete(String path) {
    return send(path, "DELETE", null, BodyPublishers.noBody());
  }

  public Answer post(String path) {
    return send(path, "POST", null, BodyPublishers.noBody());
  }

  public Answer post(String path, String type, String body) {
    return send(path, "POST", type, BodyPublishers.ofString(body));
  }

  public Answer put(String path, String type, String body) {
    return send(path, "PUT", type, BodyPublishers.ofString(body));
  }

  public Answer putYaml(String path, String yaml) {
    return put(path, "application/yaml", yaml);
  }

  public Answer postYaml(String path, String yaml) {
    return post(path, "application/yaml", yaml);
  }

  public Answer send(
      String path,
      String method,
      @org.jspecify.annotations.Nullable String type,
      BodyPublisher body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(PlatformProcess.LONG)
            .header("Authorization", "Bearer " + token)
            .method(method, body);
    if (type != null) {
      request.header("Content-Type", type);
    }
    return send(request.build());
  }

  public Answer send(HttpRequest request) {
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      return new Answer(response.statusCode(), json(response.body()), response.headers());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public URI uri(String path) {
    return base.resolve(path);
  }

  public String token() {
    return token;
  }

  /** Whether a condition of a subscription is True. */
  public boolean isTrue(String subscription, String condition) {
    for (JsonNode each : get(subscription).body().at("/status/conditions")) {
      if (each.path("type").asText().equals(condition)) {
        return each.path("status").asText().equals("True");
      }
    }
    return false;
  }

  private static JsonNode json(String text) throws IOException {
    try {
      return text.isBlank() ? Json.LENIENT.nullNode() : Json.LENIENT.readTree(text);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      return Json.LENIENT.getNodeFactory().textNode(text);
    }
  }
}
