package dev.millrace.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** The catalog on the cluster, as whoever has its token asks it. */
final class ClusterCatalog {
  private static final String ORDERS = "/tenants/team-risk/subscriptions/eu-orders";

  private final Installation installation;
  private final String address;
  private final String token;

  private ClusterCatalog(Installation installation, String address, String token) {
    this.installation = installation;
    this.address = address;
    this.token = token;
  }

  static ClusterCatalog of(Installation installation) throws IOException, InterruptedException {
    Pod pod =
        installation
            .client()
            .pods()
            .inNamespace("millrace-system")
            .withLabel("app.kubernetes.io/component", "catalog")
            .list()
            .getItems()
            .get(0);
    return new ClusterCatalog(
        installation,
        "http://" + pod.getStatus().getPodIP() + ":8081",
        installation.page().section("The catalog").strip());
  }

  /** Objects as they are in the cluster, with what is told of them there and by workers. */
  void showsWhatIsApplied() throws Exception {
    assertThat(get("/info").path("readOnly").asBoolean()).isTrue();
    installation.await(
        "it is shown as it is",
        30,
        () -> conditions(get(ORDERS)).equals(conditions(applied("dsub/eu-orders", "team-risk"))));
    JsonNode applied = applied("dsub/eu-orders", "team-risk");
    JsonNode shown = get(ORDERS);
    assertThat(shown.path("metadata").path("origin").asText()).isEqualTo("kubernetes");
    assertThat(shown.path("metadata").path("uid")).isEqualTo(applied.path("metadata").path("uid"));
    assertThat(shown.path("spec").path("filter")).isEqualTo(applied.path("spec").path("filter"));
    assertThat(shown.path("spec").path("select")).isEqualTo(applied.path("spec").path("select"));
    assertThat(shown.path("status").path("phase").asText()).isEqualTo("Live");
    assertThat(conditions(shown)).contains("Ready=True");
    assertThat(shown.path("status").path("progress").path("lagEvents").asLong(-1)).isZero();
    assertThat(shown.path("status").path("partitions"))
        .as("as workers tell it, and no resource has it")
        .isNotEmpty();

    assertThat(get(ORDERS + "/journal").path("items"))
        .as("what was decided is the cluster's to tell")
        .isEmpty();
    assertThat(send("GET", ORDERS + "-2/journal", "", token).statusCode()).isEqualTo(404);

    JsonNode product = get("/tenants/sales/products/orders");
    assertThat(product.path("metadata").path("origin").asText()).isEqualTo("kubernetes");
    assertThat(conditions(product)).contains("Ready=True");
    assertThat(product.path("status").path("events").asLong()).isEqualTo(2);
    assertThat(names(get("/storeclasses"))).contains("postgres");
    JsonNode store = get("/tenants/team-risk/stores/eu-orders");
    assertThat(store.path("status").path("engine").asText()).isEqualTo("Postgres");
    assertThat(store.path("status").path("subscriptions").toString()).contains("eu-orders");
  }

  private static List<String> conditions(JsonNode object) {
    return StreamSupport.stream(object.path("status").path("conditions").spliterator(), false)
        .map(each -> each.path("type").asText() + "=" + each.path("status").asText())
        .sorted()
        .toList();
  }

  private JsonNode applied(String object, String namespace) throws Exception {
    return new ObjectMapper()
        .readTree(installation.kubectl("", "get", object, "-n", namespace, "-o", "json"));
  }

  private static List<String> names(JsonNode page) {
    return StreamSupport.stream(page.path("items").spliterator(), false)
        .map(each -> each.path("metadata").path("name").asText())
        .toList();
  }

  /** What a need would be, what a filter leaves, and whether the store is right. */
  void answersQuestions() throws Exception {
    String need =
        """
        {"apiVersion": "millrace.dev/v1alpha1", "kind": "DataSubscription",
         "metadata": {"name": "tried", "namespace": "team-risk"},
         "spec": {"product": "sales/orders", "filter": "event.country == 'FR'",
                  "store": {"class": "postgres", "table": {"name": "tried"}}}}
        """;
    HttpResponse<String> tried = tried(need);
    assertThat(tried.statusCode()).as(tried.body()).isEqualTo(200);
    assertThat(json(tried).path("statements").asText()).contains("CREATE TABLE");

    HttpResponse<String> wrong = tried(need.replace("event.country", "event.county"));
    assertThat(wrong.statusCode()).as(wrong.body()).isEqualTo(422);
    assertThat(wrong.body()).contains("/spec/filter", "county");

    whatAnOwnerHasToApproveIsTried(need);

    HttpResponse<String> preview =
        send(
            "POST",
            "/tenants/sales/products/orders/preview",
            "{\"filter\": \"event.country == 'DE'\"}",
            token);
    assertThat(preview.statusCode()).as(preview.body()).isEqualTo(200);
    assertThat(preview.body()).contains("o-1").doesNotContain("o-2");

    HttpResponse<String> begun = send("POST", ORDERS + "/verifications", "{}", token);
    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
    String verification = ORDERS + "/verifications/" + json(begun).path("id").asText();
    installation.await(
        "the store is compared with the stream",
        60,
        () -> get(verification).path("result").path("outcome").asText().equals("Equal"));
    assertThat(get(ORDERS + "/rows").toString()).contains("o-1");
    assertThat(get(ORDERS + "/explain").toString()).contains("event.country");
  }

  /** The cluster asks the owner, not the catalog. */
  private void whatAnOwnerHasToApproveIsTried(String need) throws Exception {
    installation.kubectl(
        """
        apiVersion: millrace.dev/v1alpha1
        kind: DataProduct
        metadata: {name: guarded, namespace: sales}
        spec:
          accessPolicy: Approval
          key: id
          schema: {type: object, properties: {id: {type: string}, country: {type: string}}, required: [id]}
        """,
        "apply",
        "-f",
        "-");
    installation.await(
        "the product is shown",
        30,
        () -> send("GET", "/tenants/sales/products/guarded", "", token).statusCode() == 200);

    HttpResponse<String> tried = tried(need.replace("sales/orders", "sales/guarded"));

    assertThat(tried.statusCode()).as(tried.body()).isEqualTo(200);
    installation.kubectl("", "delete", "dp/guarded", "-n", "sales", "--timeout=60s");
    installation.await(
        "the product is not shown any more",
        30,
        () -> send("GET", "/tenants/sales/products/guarded", "", token).statusCode() == 404);
  }

  /** Whoever tries is told where. */
  void changesNothing() throws Exception {
    JsonNode before = applied("dsub/eu-orders", "team-risk");
    JsonNode orders = get(ORDERS);
    for (Map.Entry<String, String> each :
        Map.of(
                "PUT " + ORDERS,
                orders.toString(),
                "DELETE " + ORDERS,
                "",
                "DELETE " + ORDERS + "?dryRun=true",
                "",
                "POST " + ORDERS + "/credentials/rotate?dryRun=true",
                "",
                "POST " + ORDERS + "/dead-letters/0/0/discard",
                "{}",
                "PUT /tenants/team-risk/stores/another?dryRun=true",
                "{}",
                "POST /tenants/sales/products",
                "{}",
                "POST /tenants/sales/products/orders/events?dryRun=true",
                "{}")
            .entrySet()) {
      String[] what = each.getKey().split(" ");
      HttpResponse<String> refused = send(what[0], what[1], each.getValue(), token);
      assertThat(refused.statusCode()).as(each.getKey() + refused.body()).isEqualTo(403);
      assertThat(json(refused).path("code").asText())
          .as(each.getKey())
          .isEqualTo("ReadOnlyCatalog");
      assertThat(refused.body()).contains("kubectl apply");
    }
    JsonNode after = applied("dsub/eu-orders", "team-risk");
    assertThat(after.path("spec")).isEqualTo(before.path("spec"));
    assertThat(after.path("metadata").has("deletionTimestamp")).isFalse();

    HttpResponse<String> login = send("GET", ORDERS + "/credentials", "", token);
    assertThat(login.statusCode()).isEqualTo(409);
    assertThat(login.body()).contains("InSecret", "eu-orders-credentials");
  }

  void letsNobodyElseIn() throws Exception {
    assertThat(send("GET", "/subscriptions", "", "another").statusCode()).isEqualTo(401);
    assertThat(send("GET", "/subscriptions", "", "").statusCode()).isEqualTo(401);
  }

  /** As a person copies it from the page, on which there is nothing to change it with. */
  void hasYamlThatIsAppliedAsItIs() throws Exception {
    JsonNode before = applied("dsub/eu-orders", "team-risk");
    String yaml = inBrowser();

    assertThat(yaml).contains("kind: DataSubscription", "name: eu-orders", "event.country in");
    installation.kubectl(yaml, "apply", "-f", "-");
    assertThat(applied("dsub/eu-orders", "team-risk").path("metadata").path("generation"))
        .isEqualTo(before.path("metadata").path("generation"));
  }

  private String inBrowser() {
    Playwright.CreateOptions noneOfItsOwn =
        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"));
    BrowserType.LaunchOptions chromium =
        new BrowserType.LaunchOptions()
            .setExecutablePath(Path.of("/usr/bin/chromium"))
            .setArgs(List.of("--no-sandbox"));
    try (Playwright playwright = Playwright.create(noneOfItsOwn);
        Browser browser = playwright.chromium().launch(chromium);
        com.microsoft.playwright.Page page = browser.newPage()) {
      page.navigate(address + "/#token=" + token);
      page.getByText("One event for each change of an order").waitFor();
      page.navigate(address + "/subscriptions/team-risk/eu-orders?tab=definition");
      page.getByText("Kept by the Kubernetes cluster").waitFor();
      Locator yaml =
          page.locator("pre").filter(new Locator.FilterOptions().setHasText("apiVersion"));
      yaml.waitFor();
      for (String change : List.of("Pause", "Resume", "Rebuild", "Delete")) {
        assertThat(
                page.getByRole(
                        AriaRole.BUTTON,
                        new com.microsoft.playwright.Page.GetByRoleOptions()
                            .setName(change)
                            .setExact(true))
                    .count())
            .as(change)
            .isZero();
      }
      page.screenshot(
          new com.microsoft.playwright.Page.ScreenshotOptions()
              .setPath(Path.of("target", "catalog.png"))
              .setFullPage(true));
      return yaml.innerText() + "\n";
    }
  }

  /** What has gone from the cluster is not shown any more. */
  void showsOnly(String... subscriptions) throws Exception {
    installation.await(
        "those that are there",
        30,
        () ->
            StreamSupport.stream(get("/subscriptions").path("items").spliterator(), false)
                .map(each -> each.path("metadata"))
                .map(each -> each.path("namespace").asText() + "/" + each.path("name").asText())
                .toList()
                .equals(List.of(subscriptions)));
  }

  private HttpResponse<String> tried(String need) throws IOException, InterruptedException {
    return send("PUT", "/tenants/team-risk/subscriptions/tried?dryRun=true", need, token);
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = send("GET", path, "", token);
    assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(200);
    return json(answer);
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return new ObjectMapper().readTree(answer.body());
  }

  private HttpResponse<String> send(String method, String path, String body, String bearer)
      throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(URI.create(address + "/api/v1" + path))
              .header("Authorization", "Bearer " + bearer)
              .header("Content-Type", "application/json")
              .method(method, HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
