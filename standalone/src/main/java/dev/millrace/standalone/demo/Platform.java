package dev.millrace.standalone.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.Json;
import dev.millrace.api.problem.Finding;
import dev.millrace.api.problem.Problem;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The platform as any client sees it: its REST API, with a token. Safe to share. */
public final class Platform {
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final URI api;
  private final String token;

  /**
   * @param base such as {@code http://localhost:8080}
   */
  public Platform(URI base, String token) {
    this.api = URI.create(base.toString().replaceAll("/+$", "") + "/api/v1/");
    this.token = token;
  }

  /** The API said no, or nothing understandable. */
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String code;

    Refused(int status, String code, String message) {
      super(message);
      this.status = status;
      this.code = code;
    }

    /** The problem's code, or empty. */
    public String code() {
      return code;
    }

    int status() {
      return status;
    }
  }

  /**
   * @param path below {@code /api/v1/}
   */
  public JsonNode get(String path) throws InterruptedException {
    return send(request(path).GET().build());
  }

  /** Empty when there is no such object. */
  public Optional<JsonNode> find(String path) throws InterruptedException {
    try {
      return Optional.of(get(path));
    } catch (Refused refused) {
      if (refused.status() == 404) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  JsonNode postYaml(String path, String yaml) throws InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/yaml")
            .POST(BodyPublishers.ofString(yaml))
            .build());
  }

  JsonNode putYaml(String path, String yaml) throws InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/yaml")
            .PUT(BodyPublishers.ofString(yaml))
            .build());
  }

  /** Without a body. */
  public JsonNode post(String path) throws InterruptedException {
    return send(request(path).POST(BodyPublishers.noBody()).build());
  }

  public JsonNode postJson(String path, JsonNode body) throws InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString()))
            .build());
  }

  /** For a value in a path or query. */
  public static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(api.resolve(path))
        .timeout(Duration.ofSeconds(60))
        .header("Authorization", "Bearer " + token)
        .header("Accept", "application/json");
  }

  private JsonNode send(HttpRequest request) throws InterruptedException {
    HttpResponse<String> response;
    try {
      response = http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new Refused(
          0, "", api + " does not answer (" + e.getMessage() + "): is ./millrace up running?");
    }
    if (response.statusCode() >= 300) {
      throw refused(request, response);
    }
    try {
      return response.body().isBlank()
          ? Json.LENIENT.nullNode()
          : Json.LENIENT.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new Refused(response.statusCode(), "", request.uri() + " answered with no JSON");
    }
  }

  private static Refused refused(HttpRequest request, HttpResponse<String> response) {
    String what = request.method() + " " + request.uri().getPath() + ": ";
    try {
      Problem problem = Json.LENIENT.readValue(response.body(), Problem.class);
      String findings =
          problem.errors() == null
              ? ""
              : problem.errors().stream()
                  .map(Platform::line)
                  .collect(Collectors.joining("\n  ", "\n  ", ""));
      return new Refused(
          response.statusCode(), problem.code(), what + sentence(problem) + findings);
    } catch (JsonProcessingException e) {
      return new Refused(response.statusCode(), "", what + "HTTP " + response.statusCode());
    }
  }

  private static String sentence(Problem problem) {
    return Stream.of(problem.code(), problem.detail(), problem.remedy())
        .filter(part -> part != null && !part.isBlank())
        .collect(Collectors.joining(": "));
  }

  private static String line(Finding finding) {
    return finding.pointer()
        + " "
        + finding.code()
        + ": "
        + finding.message()
        + (finding.remedy() == null ? "" : " " + finding.remedy());
  }
}
