package dev.millrace.catalog.manual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.catalog.Api;
import dev.millrace.catalog.CatalogTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@CatalogTest
class ManualTest {
  /** An upgrade to HTTP/2 was left without an answer once. */
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static final String BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8";
  private static final Pattern LINK = Pattern.compile("href=\"([^\"]+)\"");

  @Test
  void theTypeOfAProblemLeadsToThePageOfItsCode() throws Exception {
    Api.Reply refused = Api.ADA.get("/tenants/nobody/products/nothing");

    URI type = refused.response().uri().resolve(refused.json().path("type").asText());
    HttpResponse<String> page = get(type.getPath(), "*/*");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type")).contains("text/markdown;charset=UTF-8");
    assertThat(page.body())
        .isEqualTo(Files.readString(Path.of("../docs/conditions/NotFound.md")))
        .startsWith("# NotFound");
  }

  @Test
  void aBrowserGetsHtmlAndNotThePageOfTheUi() throws Exception {
    HttpResponse<String> page = get("/docs/conditions/StoreUnavailable", BROWSER);

    assertThat(page.headers().firstValue("Content-Type")).contains("text/html;charset=UTF-8");
    assertThat(page.body())
        .contains(
            "<title>StoreUnavailable · Millrace</title>", "<h1>StoreUnavailable</h1>", "<pre>");
  }

  @Test
  void tablesOfTheIndexAreTables() throws Exception {
    assertThat(get("/docs/conditions", BROWSER).body())
        .contains("<table>", "<a href=\"/docs/conditions/StoreLost\"><code>StoreLost</code></a>");
  }

  @Test
  void everyLinkOfEveryPageIsAnswered() throws Exception {
    List<String> pages;
    try (Stream<Path> files = Files.walk(Path.of("../docs"), 2)) {
      pages =
          files
              .map(file -> Path.of("..").relativize(file).toString())
              .filter(file -> file.endsWith(".md") && !file.endsWith("ui-tour.md"))
              .map(file -> "/" + file.replaceFirst("(/README)?\\.md$", ""))
              .toList();
    }
    List<String> all =
        Stream.concat(pages.stream(), pages.stream().flatMap(this::links)).distinct().toList();

    assertThat(all).hasSizeGreaterThan(100);
    assertThat(all)
        .allSatisfy(path -> assertThat(get(path, BROWSER).statusCode()).as(path).isEqualTo(200));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/docs/conditions/NoSuchCode", "/docs/nothing", "/docs/ui-tour", "/docs"})
  void whatIsNoPageIsAProblem(String path) throws Exception {
    HttpResponse<String> answer = get(path, BROWSER);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("\"code\":\"NotFound\"");
  }

  /** Of the page as it was sent; addresses of the UI and of other servers left out. */
  private Stream<String> links(String page) {
    try {
      return LINK.matcher(get(page, BROWSER).body())
          .results()
          .map(link -> link.group(1).replaceFirst("#.*", ""))
          .filter(link -> link.startsWith("/docs"));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HttpResponse<String> get(String path, String accept)
      throws IOException, InterruptedException {
    return CLIENT.send(
        HttpRequest.newBuilder(Api.base().resolve(path))
            .header("Accept", accept)
            .timeout(Duration.ofSeconds(30))
            .build(),
        BodyHandlers.ofString());
  }
}
