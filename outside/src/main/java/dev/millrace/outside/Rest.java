package dev.millrace.outside;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Calls of the REST API. Paths are below {@code /api/v1/}. */
public final class Rest {
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final URI base;
  private final Path token;

  Rest(String base, Path token) {
    this.base = URI.create(base);
    this.token = token;
  }

  /** Status code and body; a body that is empty is a null node. */
  public record Answer(int status, JsonNode body) {}

  public Answer get(String path) throws IOException, InterruptedException {
    return send(path, "GET", BodyPublishers.noBody());
  }

  /**
   * @throws IllegalStateException when it is refused
   */
  public JsonNode put(String path, String yaml) throws IOException, InterruptedException {
    Answer answer = send(path, "PUT", BodyPublishers.ofString(yaml));
    if (answer.status() >= 300) {
      throw new IllegalStateException(
          "PUT " + path + ": " + answer.status() + " " + answer.body().toString());
    }
    return answer.body();
  }

  /**
   * @return the path of what it made, below {@code /api/v1/}
   * @throws IllegalStateException when it is refused
   */
  public String post(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = exchange(path, "POST", BodyPublishers.noBody());
    if (answer.statusCode() >= 300) {
      throw new IllegalStateException("POST " + path + ": " + answer.statusCode() + answer.body());
    }
    String made = answer.headers().firstValue("Location").orElseThrow();
    return base.relativize(base.resolve(made)).toString();
  }

  public void delete(String path) throws IOException, InterruptedException {
    Answer answer = send(path, "DELETE", BodyPublishers.noBody());
    if (answer.status() >= 300) {
      throw new IllegalStateException("DELETE " + path + ": " + answer.status() + answer.body());
    }
  }

  private Answer send(String path, String method, BodyPublisher body)
      throws IOException, InterruptedException {
    HttpResponse<String> response = exchange(path, method, body);
    String text = response.body();
    return new Answer(
        response.statusCode(),
        text.isBlank() ? Json.LENIENT.nullNode() : Json.LENIENT.readTree(text));
  }

  private HttpResponse<String> exchange(String path, String method, BodyPublisher body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + Files.readString(token).strip())
            .header("Content-Type", "application/yaml")
            .method(method, body)
            .build();
    return http.send(request, BodyHandlers.ofString());
  }
}
